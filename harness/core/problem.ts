/**
 * A mistake in the input: an argument, a scenario file, a port that is in use. Its message is the
 * one line that a person reads: what was expected, what was received, what to do.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
}

/** The message of whatever was thrown. */
export function messageOf(cause: unknown): string {
  if (cause instanceof Error) return cause.message || cause.name
  return typeof cause === 'string' ? cause : JSON.stringify(cause)
}
