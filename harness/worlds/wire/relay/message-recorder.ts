import { MessageReader, type NumberedMessage } from '../../../codec/message-reader.ts'
import type { Tunnel, TunnelListener } from './tunnel.ts'

export interface MessageRecorderOptions {
  readonly tunnel: Tunnel
  /** Returns false if the connection must break: its sender has been killed. */
  isSenderAlive(): boolean
  /** Called for each whole message, before its last byte is passed on. */
  record(message: NumberedMessage): void
}

/** Passes the bytes of a WebSocket connection on as they come, and records the messages sent. */
export class MessageRecorder implements TunnelListener {
  readonly #options: MessageRecorderOptions
  readonly #reader = new MessageReader(
    (message) => {
      this.#options.tunnel.hold(-message.raw.length)
      this.#options.record(message)
    },
    (raw) => this.#options.tunnel.hold(-raw.length),
  )

  constructor(options: MessageRecorderOptions) {
    this.#options = options
  }

  fromSender(bytes: Buffer): void {
    const { tunnel, isSenderAlive } = this.#options
    if (!isSenderAlive()) {
      tunnel.break()
      return
    }
    tunnel.hold(bytes.length)
    this.#reader.push(bytes)
    tunnel.toServer(bytes)
  }

  fromServer(bytes: Buffer): void {
    this.#options.tunnel.toSender(bytes)
  }

  senderEnded(wasReset: boolean): void {
    this.#options.tunnel.endServer(wasReset)
  }

  serverEnded(wasReset: boolean): void {
    this.#options.tunnel.endSender(wasReset)
  }
}
