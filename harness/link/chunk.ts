/** What one read took off a connection: bytes (a Buffer is one), or in the sim a slice of a message. It knows its length and can be cut. */
export interface Chunk {
  readonly length: number
  /** The part from `start` up to, not including, `end`. */
  subarray(start: number, end: number): Chunk
}
