/**
 * A mistake in the input: an argument, a scenario file, a port that is in use. The message is one
 * line that states what was expected, what was received, and what to do.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
}

/** Returns the message of a thrown value, which need not be an Error. Never throws. */
export function messageOf(cause: unknown): string {
  try {
    if (cause instanceof Error) return cause.message || cause.name
    return typeof cause === 'string' ? cause : (JSON.stringify(cause) ?? String(cause))
  } catch {
    // A circular object, a bigint, or a message that is a getter which throws.
    return `a thrown ${typeof cause} that cannot be shown`
  }
}

/** Returns the stack of a thrown value for a log; its message, if it has no stack. */
export function stackOf(cause: unknown): string {
  return (cause instanceof Error && cause.stack) || messageOf(cause)
}
