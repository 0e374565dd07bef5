import { PING_INTERVAL_MS, PING_LATENESS_MAX_MS } from '../timeouts.ts'
import type { ProtocolProcess } from './protocol-process.ts'

/** The signs that a process does not come back: the fields of a `freeze` event. */
export interface Silence {
  readonly doing: string
  /** Scenario milliseconds. */
  readonly since: number
  /** The last action sent to the process before it fell silent. */
  readonly opId?: string
}

/** An action sent to the process, at a scenario time. */
interface Sent {
  readonly opId: string
  readonly t: number
}

/** A question to the process. */
interface Ping {
  /** When it was sent, in real and in scenario time. */
  at: number
  readonly t: number
  /** The actions sent before it from which the process may not have come back. */
  readonly performing: readonly Sent[]
  readonly lastOpId: string | undefined
}

export interface PingerOptions {
  readonly process: Pick<ProtocolProcess, 'ask' | 'lastHeardAt'>
  /** Real milliseconds without an answer that count as a freeze. */
  readonly freezeAfterMs: number
  /** Resolves when the process has answered its start command. */
  readonly started: Promise<unknown>
  /** Returns scenario time. */
  now(): number
  /** Called once, when the process has been silent for too long. */
  onFreeze(silence: Silence): void
}

/**
 * Asks a process at short intervals whether it still answers. A process is silent if it answers no
 * `sync` and writes nothing else either. Silence is not counted while timers of this process fire
 * late: the machine may be the cause. A program that answers `start` but never `sync` does not
 * speak the protocol well, which is no freeze.
 */
export class Pinger {
  readonly #options: PingerOptions
  readonly #timer: NodeJS.Timeout
  #expectedAt: number
  /** The ping that waits for its answer. */
  #ping: Ping | undefined
  #hasStarted = false
  #hasAnswered = false
  /** The scenario time at which the last ping that was answered was sent. */
  #aliveAt: number
  #performing: readonly Sent[] = []
  #lastOpId: string | undefined

  constructor(options: PingerOptions) {
    this.#options = options
    this.#aliveAt = options.now()
    this.#expectedAt = performance.now() + PING_INTERVAL_MS
    void options.started.then(() => {
      this.#hasStarted = true
    })
    this.#timer = setInterval(() => this.#beat(), PING_INTERVAL_MS)
    this.#timer.unref()
    this.#sendPing()
  }

  /** Must be called when an action is sent to the process. */
  performs(opId: string): void {
    this.#lastOpId = opId
    this.#performing = [...this.#performing, { opId, t: this.#options.now() }]
  }

  /** Must be called when the process reports that the action is saved or refused. */
  hasPerformed(opId: string): void {
    this.#performing = this.#performing.filter((sent) => sent.opId !== opId)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #beat(): void {
    const now = performance.now()
    const lateness = now - this.#expectedAt
    this.#expectedAt = now + PING_INTERVAL_MS
    const ping = this.#ping
    if (!ping) {
      this.#sendPing()
      return
    }
    if (lateness > PING_LATENESS_MAX_MS) ping.at = now
    const silentMs = now - Math.max(ping.at, this.#options.process.lastHeardAt)
    const answersAtAll = this.#hasAnswered || !this.#hasStarted
    if (answersAtAll && silentMs >= this.#options.freezeAfterMs) this.#freeze(ping)
  }

  #sendPing(): void {
    const { process, now } = this.#options
    const [performing, lastOpId] = [this.#performing, this.#lastOpId]
    const ping: Ping = { at: performance.now(), t: now(), performing, lastOpId }
    this.#ping = ping
    void process.ask({ type: 'sync' }).then((reply) => {
      this.#ping = undefined
      if (reply !== 'done') return this.stop()
      this.#hasAnswered = true
      this.#aliveAt = ping.t
      this.#performing = this.#performing.filter((sent) => !ping.performing.includes(sent))
    })
  }

  /**
   * A process reads its commands in order: actions sent after the ping that it does not answer have
   * not reached it. If several were sent before, any may be the one.
   */
  #freeze({ performing, lastOpId }: Ping): void {
    this.stop()
    const [action, another] = performing.filter((sent) => this.#performing.includes(sent))
    const culprit = another === undefined ? action : undefined
    const elsewhere = this.#hasStarted ? 'its event loop' : 'its start'
    this.#options.onFreeze({
      doing: culprit ? `perform(${culprit.opId})` : elsewhere,
      since: culprit?.t ?? this.#aliveAt,
      ...(lastOpId !== undefined && { opId: lastOpId }),
    })
  }
}
