import { joined } from '../../../codec/bytes.ts'
import { FrameReader, MessageAssembler, OPCODE } from '../../../codec/websocket.ts'

/** A part of what a sender sends on a WebSocket connection, which is passed on as a whole. */
export interface MessagePart {
  /** The frames as they were sent. */
  readonly bytes: Uint8Array
  /** Absent: they are control frames. */
  readonly message?: ReadMessage
}

export interface ReadMessage {
  /** Counts the messages of the connection, from 1: both relays count alike. */
  readonly number: number
  /** True if its bytes are compressed, or otherwise changed by an extension. */
  readonly isExtended: boolean
  readonly payload: Uint8Array
}

/** Reads the messages of one direction of a WebSocket connection, with the bytes that carry them. */
export class MessageReader {
  readonly #assembler = new MessageAssembler()
  readonly #frames: FrameReader
  #unfinished: Uint8Array[] = []
  #count = 0

  constructor(onPart: (part: MessagePart) => void) {
    this.#frames = new FrameReader((frame) => {
      const message = this.#assembler.add(frame)
      this.#unfinished.push(frame.raw)
      // A control frame between the frames of a message waits for the message's end.
      if (!message && (this.#unfinished.length > 1 || frame.opcode < OPCODE.close)) return
      const bytes = joined(this.#unfinished)
      this.#unfinished = []
      if (!message) onPart({ bytes })
      else {
        const { isExtended, payload } = message
        onPart({ bytes, message: { number: ++this.#count, isExtended, payload } })
      }
    })
  }

  push(bytes: Uint8Array): void {
    this.#frames.push(bytes)
  }
}

/** Returns the id of a message in the history. */
export const messageId = (upgradeId: string, number: number): string => `${upgradeId}/${number}`
