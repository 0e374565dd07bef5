/**
 * Data read from a connection at once: bytes (a Buffer fits), or in the sim a slice of a message.
 */
export interface Chunk {
  /** In bytes. */
  readonly length: number
  /** Returns the part from `start` up to, not including, `end`. */
  subarray(start: number, end: number): Chunk
}

/** A chunk on its way through the toxics. */
export interface TimedChunk {
  readonly chunk: Chunk
  /** The instant at which it arrived or was due, in scenario milliseconds. */
  readonly at: number
}
