import { utf8Text } from '../../../codec/bytes.ts'
import { marksInRequest } from '../../../core/request-event.ts'
import type { Gateway } from '../../../gateway/gateway.ts'
import type { GatewayRequest } from '../../../gateway/gateway-request.ts'
import type { Passage } from '../../../gateway/passage.ts'
import { MESSAGE_ANSWER_MAX_MS } from '../timeouts.ts'
import { WAITING_MAX } from './limits.ts'
import { type MessagePart, MessageReader, messageId, type ReadMessage } from './message-reader.ts'
import type { ServerWatch } from './server-watch.ts'
import type { Tunnel, TunnelListener } from './tunnel.ts'

export interface MessageGateOptions {
  readonly tunnel: Tunnel
  readonly gateway: Gateway
  /** The request that opened the connection. */
  readonly upgrade: Pick<GatewayRequest, 'requestId' | 'device' | 'path'>
  readonly watch: ServerWatch | undefined
}

/**
 * Carries out the gateway's decisions on a WebSocket connection. Each whole message of the sender
 * is an arrival, one after another. No response belongs to it: as long as the gateway does not let
 * it pass, nothing that the server sends on the connection passes.
 */
export class MessageGate implements TunnelListener {
  readonly #options: MessageGateOptions
  readonly #reader = new MessageReader((part) => this.#queue.push(part))
  readonly #queue: MessagePart[] = []
  /** True while the first message of the queue waits at the gateway. */
  #isWaiting = false
  /** The messages that have arrived and whose answers have not passed. */
  readonly #unanswered = new Set<Passage>()
  /** Reports the server's answer to messages that are intercepted. */
  readonly #answers = new Set<() => void>()
  /** What the server has sent and what has not passed yet. */
  #down: Buffer[] = []
  /** The readings of the server's holdings that are under way. */
  #looking = 0
  /** Set when a side is closed: was it reset? */
  #senderEnd: boolean | undefined
  #serverEnd: boolean | undefined

  constructor(options: MessageGateOptions) {
    this.#options = options
  }

  fromSender(bytes: Buffer): void {
    const { tunnel } = this.#options
    tunnel.hold(bytes.length)
    this.#reader.push(bytes)
    this.#sendNext()
    if (this.#queue.length >= WAITING_MAX) tunnel.pauseSender('waiting')
  }

  fromServer(bytes: Buffer): void {
    const { tunnel, watch } = this.#options
    const isFree = !watch && this.#unanswered.size === 0 && this.#down.length === 0
    if (isFree) {
      tunnel.toSender(bytes)
      return
    }
    this.#down.push(bytes)
    tunnel.pauseServer('gate')
    this.#look(() => {
      for (const answer of [...this.#answers]) answer()
    })
  }

  senderEnded(wasReset: boolean): void {
    this.#senderEnd = wasReset
    for (const passage of this.#unanswered) passage.closed()
    this.#unanswered.clear()
    this.#answers.clear()
    this.#sendNext()
    this.#passDown()
  }

  serverEnded(wasReset: boolean): void {
    this.#serverEnd = wasReset
    this.#passDown()
  }

  #sendNext(): void {
    const { tunnel } = this.#options
    while (!this.#isWaiting) {
      const part = this.#queue.shift()
      if (!part) break
      if (part.message) this.#arrive(part, part.message)
      else this.#send(part)
    }
    if (this.#isWaiting) return
    tunnel.resumeSender('waiting')
    if (this.#senderEnd !== undefined) tunnel.endServer(this.#senderEnd)
  }

  #arrive(part: MessagePart, message: ReadMessage): void {
    const { gateway, tunnel, upgrade } = this.#options
    const requestId = upgrade.requestId && messageId(upgrade.requestId, message.number)
    let passage: Passage | undefined
    let isForwarded = false
    this.#isWaiting = true
    const forward = () => {
      isForwarded = true
      this.#isWaiting = false
      this.#send(part, requestId)
      if (!passage) return
      this.#awaitAnswer(passage)
      this.#sendNext()
    }
    const pass = () => {
      if (passage) this.#unanswered.delete(passage)
      this.#passDown()
    }
    passage = gateway.arrived(factsOf(message, requestId, upgrade), {
      forward,
      pass,
      // No response belongs to a message, so none is replaced.
      respond: () => (isForwarded ? pass() : forward()),
      reset: () => {
        if (!isForwarded) this.#drop()
        tunnel.break()
      },
    })
    if (isForwarded) this.#awaitAnswer(passage)
  }

  /** Nothing that waits reaches the server any more. */
  #drop(): void {
    this.#queue.length = 0
    this.#isWaiting = false
  }

  #send({ bytes }: MessagePart, requestId?: string): void {
    const { tunnel, watch } = this.#options
    tunnel.hold(-bytes.length)
    tunnel.toServer(bytes, () => {
      if (requestId !== undefined) watch?.received(requestId)
    })
  }

  /**
   * The server has acted on a message when it next sends something, or soon after: it need not
   * answer at all.
   */
  #awaitAnswer(passage: Passage): void {
    if (!passage.isIntercepted) {
      passage.answered(MESSAGE_STATUS)
      return
    }
    if (this.#senderEnd !== undefined) {
      passage.closed()
      return
    }
    this.#unanswered.add(passage)
    const answer = () => {
      clearTimeout(timer)
      if (this.#answers.delete(answer)) passage.answered(MESSAGE_STATUS)
    }
    const timer = setTimeout(() => this.#look(answer), MESSAGE_ANSWER_MAX_MS)
    this.#answers.add(answer)
  }

  /** Runs the task when the server's holdings have been read; then passes on what may pass. */
  #look(task: () => void): void {
    const { watch, tunnel } = this.#options
    if (!watch) {
      task()
      this.#passDown()
      return
    }
    this.#looking++
    watch.look((isAlive) => {
      this.#looking--
      if (!isAlive) {
        // It died before these bytes could leave.
        this.#down = []
        tunnel.break()
        return
      }
      task()
      this.#passDown()
    })
  }

  #passDown(): void {
    const { tunnel } = this.#options
    if (this.#unanswered.size > 0 || this.#looking > 0) return
    for (const bytes of this.#down.splice(0)) tunnel.toSender(bytes)
    tunnel.resumeServer('gate')
    if (this.#serverEnd !== undefined) tunnel.endSender(this.#serverEnd)
  }
}

/** A message has no response, and so no status that means success. */
const MESSAGE_STATUS = 101

function factsOf(
  { payload }: ReadMessage,
  requestId: string | undefined,
  { device, path }: MessageGateOptions['upgrade'],
): GatewayRequest {
  let isMarked: boolean | undefined
  return {
    requestId,
    device,
    method: 'MESSAGE',
    path,
    get isMarked() {
      isMarked ??= marksInRequest({ path, body: utf8Text(payload) }).length > 0
      return isMarked
    },
  }
}
