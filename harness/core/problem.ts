/**
 * A mistake in the input: an argument, a scenario file, a port that is in use. The message is one
 * line that states what was expected, what was received, and what to do.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
}

/** Returns the message of a thrown value, which need not be an Error. */
export function messageOf(cause: unknown): string {
  if (cause instanceof Error) return cause.message || cause.name
  return typeof cause === 'string' ? cause : JSON.stringify(cause)
}
