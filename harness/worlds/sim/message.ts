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

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // A surrogate pair is two units and four bytes, so each of its halves adds one.
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) bytes += 2
    else if (unit >= 0x80) bytes += 1
  }
  return bytes
}
