/**
 * A mistake in what we were given (an argument, a scenario file, a port that is taken). Its message is the one
 * line a person reads: what was expected, what came, what to do. The command line ends with exit code 2 on it.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
}

/** `cause` as a one-line text, whatever was thrown. */
export function messageOf(cause: unknown): string {
  if (cause instanceof Error) return cause.message || cause.name
  return typeof cause === 'string' ? cause : JSON.stringify(cause)
}
