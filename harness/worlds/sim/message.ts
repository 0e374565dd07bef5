import { utf8Length } from '../../core/utf8.ts'
import type { Chunk } from '../../link/chunk.ts'

/** A slice of an HTTP message in transit: has a length and can be cut, but contains no bytes. */
export class MessageSlice implements Chunk {
  readonly length: number

  constructor(length: number) {
    this.length = length
  }

  subarray(start: number, end: number): MessageSlice {
    return new MessageSlice(Math.max(0, Math.min(end, this.length) - Math.max(0, start)))
  }
}

/** A typical HTTP/1.1 head, so that bandwidth and slicer toxics act as on the wire. */
const HEAD_BYTES = 180

/** Returns the bytes that a message with this body would have on the wire. */
export function messageLength(body: string): number {
  return HEAD_BYTES + utf8Length(body)
}
