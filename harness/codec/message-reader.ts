import { joined } from './bytes.ts'
import { FrameReader, type Message, MessageAssembler, OPCODE } from './websocket.ts'

/** A whole data message. */
export interface NumberedMessage extends Message {
  /** Counted from 1, so that both sides of a link give a message the same number. */
  readonly number: number
  /** Its frames as they were sent. */
  readonly raw: Uint8Array
}

/** Reads the data messages of one direction of a WebSocket connection. */
export class MessageReader {
  readonly #assembler = new MessageAssembler()
  readonly #frames: FrameReader
  #count = 0
  #raw: Uint8Array[] = []

  /** @param onControl receives the frames of close, ping and pong, as they were sent */
  constructor(
    onMessage: (message: NumberedMessage) => void,
    onControl: (raw: Uint8Array) => void = () => {},
  ) {
    this.#frames = new FrameReader((frame) => {
      if (frame.opcode >= OPCODE.close) {
        onControl(frame.raw)
        return
      }
      this.#raw.push(frame.raw)
      const message = this.#assembler.add(frame)
      if (!message) return
      const raw = joined(this.#raw)
      this.#raw = []
      onMessage({ ...message, number: ++this.#count, raw })
    })
  }

  push(bytes: Uint8Array): void {
    this.#frames.push(bytes)
  }
}
