/**
 * The simplest client that is right. It does one thing at a time:
 *
 * ```
 *            ┌──────────────── one round ────────────────┐
 *   start ──▶│ send the pending writes, in order, one by │──▶ wait ──▶ next round
 *            │ one; then read the whole list             │
 *            └───────────────────────────────────────────┘
 * ```
 *
 * Since a list is never read while a write is under way, it cannot lack a confirmed write. Since it
 * is the whole list, nothing that arrives late can be missed: edits, deletions, equal timestamps.
 *
 * @module
 */
import type { Action, WriteAction } from '../../harness/core/action.ts'
import type {
  Client,
  ClientPorts,
  Identity,
  Performed,
  Settled,
  View,
} from '../../harness/core/client.ts'
import type { Timer } from '../../harness/core/ports/clock.ts'
import { messageOf } from '../../harness/core/problem.ts'
import { Api, DEADLINE_MS, type SendResult } from './api.ts'
import { SCHEMA, Store, type Write } from './store.ts'

/** The wait after a round that succeeded: the time until another person's message shows. */
const POLL_MS = 10_000
/** The wait after the first failed round. Doubled after each further one, up to the cap. */
const BACKOFF_MS = { initial: 1_000, cap: 30_000 }
/** The longest time without an attempt: a request that hangs, then the longest wait. */
export const RECOVERY_MS = DEADLINE_MS + BACKOFF_MS.cap

export class PlainClient implements Client {
  readonly #ports: ClientPorts
  readonly #api: Api
  readonly #store: Store
  readonly #waiting = new Map<string, (settled: Settled) => void>()
  #unsubscribe: (() => void) | undefined
  #timer: Timer | undefined
  #running = false
  #stopped = false
  /** Failed rounds in a row. */
  #failures = 0
  /** The server asked for no request before this time. */
  #notBefore = 0

  constructor(ports: ClientPorts, identity: Identity) {
    this.#ports = ports
    this.#api = new Api(ports.http, identity)
    this.#store = new Store(ports.database(SCHEMA))
  }

  start(): void {
    // The signal is a hint: it ends a wait early, but no round depends on it.
    this.#unsubscribe = this.#ports.connectivity.onChange(({ online }) => {
      if (online) this.#roundNow()
    })
    this.#roundNow()
  }

  stop(): void {
    this.#stopped = true
    this.#unsubscribe?.()
    this.#timer?.cancel()
  }

  perform(action: Action): Performed {
    if (action.type === 'refresh') {
      this.#roundNow()
      return { saved: Promise.resolve({ durable: false }) }
    }
    if (action.type === 'cancel') return refused('nothing can be taken back')
    const refusal = this.#refusalOf(action)
    if (refusal !== undefined) return refused(refusal)
    try {
      this.#save(action)
    } catch (cause) {
      return refused(`could not be saved: ${messageOf(cause)}`)
    }
    this.#ports.recorder.screen()
    // While the network fails, the backoff decides.
    if (this.#failures === 0) this.#roundNow()
    return {
      saved: Promise.resolve({ durable: true }),
      settled: new Promise((resolve) => this.#waiting.set(action.opId, resolve)),
    }
  }

  view(): View {
    return { rows: this.#store.rows() }
  }

  #refusalOf({ type, record }: WriteAction): string | undefined {
    const row = this.#store.row(record)
    if (type === 'create') return row && `there is ${record} already`
    return row ? undefined : `there is no ${record} here`
  }

  #save(action: WriteAction): void {
    const { type, opId, record: id } = action
    const content = type === 'delete' ? {} : action.content
    const { conversation = '', text = '' } = content
    this.#store.add({
      key: this.#newKey(),
      opId,
      type,
      id,
      conversation: String(conversation),
      text: String(text),
    })
  }

  #newKey(): string {
    const bytes = this.#ports.random.bytes(16)
    return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  }

  #roundNow(): void {
    this.#failures = 0
    this.#schedule(0)
  }

  #schedule(ms: number): void {
    this.#timer?.cancel()
    if (this.#running || this.#stopped) return
    const { clock } = this.#ports
    const waitMs = Math.max(ms, this.#notBefore - clock.now())
    this.#timer = clock.after(waitMs, () => void this.#run())
  }

  async #run(): Promise<void> {
    this.#running = true
    const succeeded = await this.#round()
    this.#running = false
    this.#failures = succeeded ? 0 : this.#failures + 1
    this.#notBefore = this.#ports.clock.now() + this.#api.retryAfterMs
    if (!succeeded) this.#schedule(this.#backoff())
    else this.#schedule(this.#store.hasPending() ? 0 : POLL_MS)
  }

  /** The upper half of the exponential span, at random: phones that failed together spread. */
  #backoff(): number {
    const { initial, cap } = BACKOFF_MS
    const span = Math.min(cap, initial * 2 ** Math.min(this.#failures - 1, 10))
    return span * (0.5 + 0.5 * this.#ports.random.next())
  }

  /** Sends what is pending, then reads the list. Returns true if all succeeded. */
  async #round(): Promise<boolean> {
    const result = await this.#sendAll()
    // After a response that may be the server's, a new list contains its epoch.
    if (!result.mayList) return false
    const list = await this.#api.list()
    if (!list) return false
    this.#store.replaceList(list.messages, list.epoch)
    this.#ports.recorder.screen()
    return result.succeeded
  }

  /** Sends until the first write without a result: later ones wait, to arrive in their order. */
  async #sendAll(): Promise<{ readonly succeeded: boolean; readonly mayList: boolean }> {
    for (let write = this.#store.take(); write; write = this.#store.take()) {
      const result = await this.#api.send(write, this.#store.epoch())
      if (result.type === 'unknown') return { succeeded: false, mayList: result.mayList }
      this.#apply(write, result)
    }
    return { succeeded: true, mayList: true }
  }

  #apply(write: Write, result: Exclude<SendResult, { type: 'unknown' }>): void {
    // Two people deleted the same message: it is deleted, but by the other.
    const wasDeleted = result.type === 'gone' && write.type === 'delete'
    if (result.type === 'done') this.#store.confirm(write, result.timestamp)
    else if (wasDeleted) this.#store.confirm(write, 0)
    else this.#store.fail(write)
    this.#ports.recorder.screen()
    this.#waiting.get(write.opId)?.(settledBy(result, wasDeleted))
    this.#waiting.delete(write.opId)
  }
}

function settledBy(result: Exclude<SendResult, { type: 'unknown' }>, wasDeleted: boolean): Settled {
  if (result.type === 'done') return { outcome: 'acked' }
  return { outcome: wasDeleted ? 'conflict' : 'rejected', reason: result.reason }
}

function refused(reason: string): Performed {
  return { saved: Promise.resolve({ refused: reason }) }
}
