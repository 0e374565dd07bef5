/**
 * Records what happens at the edge of a server in which no code of ours runs, and reads what it
 * holds.
 */
export interface ServerWatch {
  /** Runs the task as soon as requests may reach the server. */
  admit(task: () => void): void
  /** The last byte of a request or a message has reached the server. */
  received(requestId: string): void
  /**
   * Reads what the server holds, and calls back: with false if the server died before. Must be
   * called before bytes of the server leave.
   */
  look(then: (isAlive: boolean) => void): void
  /** The server's response is about to leave. */
  responded(requestId: string, status: number): void
}
