import { utf8Text } from '../codec/bytes.ts'
import { MessageReader, type NumberedMessage } from '../codec/message-reader.ts'
import { marksInRequest, messageId } from '../core/request-event.ts'
import type { Gateway } from './gateway.ts'
import type { Passage } from './passage.ts'

/**
 * The scenario milliseconds from the arrival of an intercepted message at the server to the moment
 * `after`: nothing tells when the server has dealt with a message.
 */
export const DEALT_WITH_MS = 250

export interface MessageGateOptions {
  readonly gateway: Gateway
  readonly device: string
  /** The id of the request that opened the connection; undefined if it has none. */
  readonly upgradeId: string | undefined
  /** Path and query of that request. */
  readonly path: string
  /** `messageId`: the message that the bytes are; undefined for control frames. */
  toServer(bytes: Uint8Array, messageId?: string): void
  toDevice(bytes: Uint8Array): void
  /** Breaks the connection. */
  reset(): void
  /** The device's connection is closed, and all that it had sent is forwarded. */
  onDrained(): void
  /** Runs a task when the server has dealt with a message. Default: after a fixed time. */
  afterDealing?(task: () => void): void
}

/** A message or a control frame on its way to the server. */
interface Waiting {
  readonly raw: Uint8Array
  readonly message: NumberedMessage | undefined
}

/**
 * The gateway on a WebSocket connection: each data message of the device is an arrival. Messages
 * stay in order: while one is delayed, those after it wait. What the server says after an
 * intercepted message waits until that has passed; if its response is lost, for ever.
 */
export class MessageGate {
  readonly #options: MessageGateOptions
  readonly #reader: MessageReader
  readonly #waiting: Waiting[] = []
  /** The message that the gateway has, and that is not forwarded yet. */
  #atGateway: Passage | undefined
  #isAtGateway = false
  /** The intercepted messages that are forwarded and have not passed. */
  readonly #unpassed = new Set<Passage>()
  /** The bytes that the server has sent since. */
  readonly #fromServer: Uint8Array[] = []
  #isOver = false
  #isDeviceGone = false

  constructor(options: MessageGateOptions) {
    this.#options = options
    this.#reader = new MessageReader(
      (message) => void this.#waiting.push({ raw: message.raw, message }),
      (raw) => void this.#waiting.push({ raw, message: undefined }),
    )
  }

  /** True while a message of the device has yet to be forwarded. */
  get hasWaiting(): boolean {
    return this.#isAtGateway || this.#waiting.length > 0
  }

  fromDevice(bytes: Uint8Array): void {
    this.#reader.push(bytes)
    this.#next()
  }

  fromServer(bytes: Uint8Array): void {
    if (this.#unpassed.size > 0) this.#fromServer.push(bytes)
    else if (!this.#isOver) this.#options.toDevice(bytes)
  }

  /** Must be called when the device's connection is closed. What it has sent still arrives. */
  deviceClosed(): void {
    this.#isDeviceGone = true
    this.#atGateway?.closed()
    for (const passage of this.#unpassed) passage.closed()
    this.#unpassed.clear()
  }

  #next(): void {
    while (!this.#isAtGateway && !this.#isOver) {
      const next = this.#waiting.shift()
      if (!next) {
        if (this.#isDeviceGone) this.#options.onDrained()
        return
      }
      if (next.message) this.#arrive(next.message)
      else this.#options.toServer(next.raw)
    }
  }

  #arrive(message: NumberedMessage): void {
    const { gateway, device, path } = this.#options
    this.#isAtGateway = true
    let passage: Passage | undefined
    let isForwarded = false
    passage = gateway.arrived(
      {
        requestId: this.#idOf(message),
        ...{ device, method: 'MESSAGE', path },
        get isMarked() {
          return marksInRequest({ path, body: utf8Text(message.payload) }).length > 0
        },
      },
      {
        // The gateway may forward before it has returned the passage.
        forward: () => {
          isForwarded = true
          if (!passage) return
          this.#forward(message, passage)
          this.#next()
        },
        pass: () => passage && this.#pass(passage),
        respond: () => {},
        reset: () => this.#break(),
      },
    )
    if (isForwarded) this.#forward(message, passage)
    else this.#atGateway = passage
  }

  #forward(message: NumberedMessage, passage: Passage): void {
    this.#isAtGateway = false
    this.#atGateway = undefined
    if (this.#isOver) return
    const { gateway, afterDealing } = this.#options
    const dealtWith = () => passage.answered(MESSAGE_STATUS)
    if (passage.isIntercepted && !this.#isDeviceGone) {
      this.#unpassed.add(passage)
      if (afterDealing) afterDealing(dealtWith)
      else gateway.after(DEALT_WITH_MS, dealtWith)
    }
    this.#options.toServer(message.raw, this.#idOf(message))
    if (!passage.isIntercepted) dealtWith()
  }

  #idOf({ number }: NumberedMessage): string | undefined {
    const { upgradeId } = this.#options
    return upgradeId && messageId(upgradeId, number)
  }

  #pass(passage: Passage): void {
    this.#unpassed.delete(passage)
    if (this.#unpassed.size > 0 || this.#isOver) return
    for (const bytes of this.#fromServer.splice(0)) this.#options.toDevice(bytes)
  }

  #break(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.deviceClosed()
    this.#options.reset()
  }
}

/** A message has no status; the gateway asks for one to learn of successes. */
const MESSAGE_STATUS = 200
