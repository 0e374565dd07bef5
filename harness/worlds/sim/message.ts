import { utf8Length } from '../../core/utf8.ts'
import type { Chunk } from '../../link/chunk.ts'

/** A stretch of an HTTP message on its way: it has a length and can be cut, and its bytes are never written out. */
export class MessageSlice implements Chunk {
  readonly length: number

  constructor(length: number) {
    this.length = length
  }

  subarray(start: number, end: number): MessageSlice {
    return new MessageSlice(Math.max(0, Math.min(end, this.length) - Math.max(0, start)))
  }
}

/** About what an HTTP/1.1 head weighs, so that bandwidth and slicing bite as they would on the wire. */
const HEAD = 180

/** Bytes of a message with this body on the wire. */
export function messageLength(body: string): number {
  return HEAD + utf8Length(body)
}
