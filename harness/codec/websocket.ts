import { joined } from './bytes.ts'

/** The opcodes of RFC 6455, section 5.2. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** A whole frame. */
export interface Frame {
  readonly opcode: number
  readonly isFinal: boolean
  /** True if an extension changed the payload: without a negotiated one, nobody can read it. */
  readonly isExtended: boolean
  /** Unmasked. */
  readonly payload: Uint8Array
  /** The frame as it was sent. */
  readonly raw: Uint8Array
}

/** A message, of one or more frames. */
export interface Message {
  readonly isText: boolean
  readonly isExtended: boolean
  readonly payload: Uint8Array
}

/** In bytes. A frame that claims more is not read. */
const PAYLOAD_MAX = 256 * 1024 * 1024

/** Reads the frames of one direction of a WebSocket connection. */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void
  #waiting: Uint8Array[] = []
  #waitingLength = 0
  /** The number of bytes without which a frame cannot be complete. */
  #needed = 2

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame
  }

  push(bytes: Uint8Array): void {
    this.#waiting.push(bytes)
    this.#waitingLength += bytes.length
    while (this.#waitingLength >= this.#needed) {
      const all = joined(this.#waiting)
      this.#waiting = [all]
      const frame = this.#parse(all)
      if (!frame) continue
      this.#waiting = [all.subarray(frame.raw.length)]
      this.#waitingLength -= frame.raw.length
      this.#needed = 2
      this.#onFrame(frame)
    }
  }

  #parse(all: Uint8Array): Frame | undefined {
    const view = new DataView(all.buffer, all.byteOffset, all.byteLength)
    const first = view.getUint8(0)
    const second = view.getUint8(1)
    const short = second & 0x7f
    const sizeLength = short < 126 ? 0 : short === 126 ? 2 : 8
    const maskLength = second & 0x80 ? 4 : 0
    const headLength = 2 + sizeLength + maskLength
    if (all.length < headLength) {
      this.#needed = headLength
      return undefined
    }
    const length =
      sizeLength === 0 ? short : sizeLength === 2 ? view.getUint16(2) : Number(view.getBigUint64(2))
    if (length > PAYLOAD_MAX) {
      this.#needed = Number.POSITIVE_INFINITY
      return undefined
    }
    this.#needed = headLength + length
    if (all.length < this.#needed) return undefined
    const mask = all.subarray(2 + sizeLength, headLength)
    const raw = all.subarray(0, headLength + length)
    return {
      opcode: first & 0x0f,
      isFinal: (first & 0x80) !== 0,
      isExtended: (first & 0x40) !== 0,
      payload: masked(raw.subarray(headLength), mask),
      raw,
    }
  }
}

/** Puts the frames of messages together. Control frames may come in between. */
export class MessageAssembler {
  #parts: Uint8Array[] = []
  #isText = false
  #isExtended = false

  /** Returns the message that the frame completes. */
  add({ opcode, isFinal, isExtended, payload }: Frame): Message | undefined {
    if (opcode >= OPCODE.close) return undefined
    if (opcode !== OPCODE.continuation) {
      this.#parts = []
      this.#isText = opcode === OPCODE.text
      this.#isExtended = isExtended
    }
    this.#parts.push(payload)
    if (!isFinal) return undefined
    const message = {
      isText: this.#isText,
      isExtended: this.#isExtended,
      payload: joined(this.#parts),
    }
    this.#parts = []
    return message
  }
}

/** Returns a final frame as it is sent; a client's frames must have a mask of four bytes. */
export function frameBytes(opcode: number, payload: Uint8Array, mask?: Uint8Array): Uint8Array {
  const { length } = payload
  const sizeLength = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const bytes = new Uint8Array(2 + sizeLength + (mask ? 4 : 0) + length)
  const view = new DataView(bytes.buffer)
  const short = sizeLength === 0 ? length : sizeLength === 2 ? 126 : 127
  view.setUint8(0, 0x80 | opcode)
  view.setUint8(1, (mask ? 0x80 : 0) | short)
  if (sizeLength === 2) view.setUint16(2, length)
  if (sizeLength === 8) view.setBigUint64(2, BigInt(length))
  if (mask) bytes.set(mask, 2 + sizeLength)
  bytes.set(mask ? masked(payload, mask) : payload, bytes.length - length)
  return bytes
}

/** Masks or unmasks: both are the same. Returns the bytes themselves if there is no mask. */
function masked(bytes: Uint8Array, mask: Uint8Array): Uint8Array {
  if (mask.length === 0) return bytes
  return bytes.map((byte, i) => byte ^ (mask[i & 3] as number))
}
