import type { Gateway } from '../../../gateway/gateway.ts'
import type { GatewayRequest } from '../../../gateway/gateway-request.ts'
import { DEALT_WITH_MS, MessageGate } from '../../../gateway/message-gate.ts'
import { MESSAGE_ANSWER_MS } from '../timeouts.ts'
import type { ServerWatch } from './server-watch.ts'
import type { Tunnel, TunnelListener } from './tunnel.ts'

export interface GatedMessagesOptions {
  readonly tunnel: Tunnel
  readonly gateway: Gateway
  /** The request that opened the connection. */
  readonly upgrade: Pick<GatewayRequest, 'requestId' | 'device' | 'path'>
  readonly watch: ServerWatch | undefined
}

/** Carries a WebSocket connection through the gateway, and has a watched server read in time. */
export class GatedMessages implements TunnelListener {
  readonly #options: GatedMessagesOptions
  readonly #gate: MessageGate
  /** The readings of the server's holdings that are under way. */
  #looking = 0
  #isBroken = false
  /** Set when a side is closed: was it reset? */
  #senderEnd: boolean | undefined
  #serverEnd: boolean | undefined

  constructor(options: GatedMessagesOptions) {
    const { tunnel, gateway, upgrade, watch } = options
    this.#options = options
    this.#gate = new MessageGate({
      gateway,
      device: upgrade.device,
      upgradeId: upgrade.requestId,
      path: upgrade.path,
      toServer: (bytes, messageId) => {
        tunnel.hold(-bytes.length)
        tunnel.resumeSender('waiting')
        tunnel.toServer(bytes, () => {
          if (messageId !== undefined) watch?.received(messageId)
        })
      },
      toDevice: (bytes) => {
        tunnel.hold(-bytes.length)
        tunnel.toSender(bytes)
      },
      reset: () => {
        this.#isBroken = true
        tunnel.break()
      },
      onDrained: () => this.#endServer(),
      afterDealing: (task) => {
        // On a busy machine the server gets more real time than that.
        gateway.after(DEALT_WITH_MS, () => {
          setTimeout(() => this.#look(task), MESSAGE_ANSWER_MS)
        })
      },
    })
  }

  fromSender(bytes: Buffer): void {
    const { tunnel } = this.#options
    tunnel.hold(bytes.length)
    this.#gate.fromDevice(bytes)
    if (this.#gate.hasWaiting) tunnel.pauseSender('waiting')
  }

  fromServer(bytes: Buffer): void {
    this.#options.tunnel.hold(bytes.length)
    this.#look(() => this.#gate.fromServer(bytes))
  }

  senderEnded(wasReset: boolean): void {
    this.#senderEnd = wasReset
    this.#gate.deviceClosed()
    // The bytes that the sender has sent are on their way.
    if (this.#isBroken || !this.#gate.hasWaiting) this.#endServer()
  }

  serverEnded(wasReset: boolean): void {
    this.#serverEnd = wasReset
    this.#endSender()
  }

  /** Runs the task when the server's holdings have been read; at once if nobody watches it. */
  #look(task: () => void): void {
    const { watch, tunnel } = this.#options
    if (!watch) {
      task()
      return
    }
    this.#looking++
    tunnel.pauseServer('looking')
    watch.look((isAlive) => {
      this.#looking--
      // If it has died, the bytes have not left.
      if (isAlive) task()
      else tunnel.break()
      if (this.#looking > 0) return
      tunnel.resumeServer('looking')
      this.#endSender()
    })
  }

  #endSender(): void {
    if (this.#serverEnd === undefined || this.#looking > 0) return
    this.#options.tunnel.endSender(this.#serverEnd)
  }

  #endServer(): void {
    this.#options.tunnel.endServer(this.#senderEnd ?? false)
  }
}
