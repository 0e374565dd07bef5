import type { EventBody } from '../../core/event.ts'
import { Holdings } from '../../core/holdings.ts'
import { Problem } from '../../core/problem.ts'
import type { ServerTells } from '../../core/server.ts'
import { NORMAL_SERVER, type ServerState, withFired } from '../../core/server-state.ts'
import type { TraceChannel } from '../../core/trace.ts'
import type { StagedServer } from '../../core/world.ts'
import type { ServerCommand } from './device-protocol/protocol.ts'
import type { EventLog } from './event-log.ts'
import type { NodeSupervisor } from './process/node-supervisor.ts'
import { within } from './process/within.ts'
import { dumpTimeoutMs, SERVER_START_TIMEOUT_MS } from './timeouts.ts'

export interface WireServerOptions {
  readonly supervisor: NodeSupervisor
  readonly log: EventLog
  readonly port: number
  readonly folder: string
  readonly policy: string
  readonly tells: ServerTells
  readonly timeScale: number
  readonly seed: number
  /** The channels that the server's process traces. */
  readonly trace: readonly TraceChannel[]
}

/** The server on the wire: sends commands to its process, and restarts it on its port and files. */
export class WireServer implements StagedServer {
  readonly #options: WireServerOptions
  #origin: bigint | undefined
  /** Position of the last commit in the history. The next start reports later ones as recovered. */
  #recordedThrough = 0
  /** The holdings by the commits in the history, if the server shows only these. */
  readonly #holdings = new Holdings()
  #state = NORMAL_SERVER
  /** True if a crash window was open in this incarnation: the server may die at any moment. */
  #mayBeDying = false
  /** Settles when the starts and kills requested so far are done: they run one after another. */
  #queue: Promise<void> = Promise.resolve()

  constructor(options: WireServerOptions) {
    this.#options = options
  }

  get tells(): ServerTells {
    return this.#options.tells
  }

  /** Starts the first incarnation, before scenario time. Throws a Problem if it does not start. */
  async open(): Promise<void> {
    const failure = await this.#startNext()
    if (failure !== undefined) throw new Problem(`the server does not start: ${failure}`)
  }

  /** Sets the beginning of scenario time. */
  begin(origin: bigint): void {
    this.#origin = origin
    this.#send({ type: 'clock', origin: String(origin) })
  }

  /** Must be called with each event that the server reports. */
  onEvent(event: EventBody): void {
    if (event.type !== 'serverCommit') return
    this.#recordedThrough = Math.max(this.#recordedThrough, event.position)
    if (event.derived) this.#holdings.learn(event)
  }

  /** Must be called when the server reports that it dies in a crash window. */
  onDying(window: string): void {
    this.#state = withFired(this.#state, window)
  }

  start(): Promise<void> {
    return this.#enqueue(async () => {
      const { supervisor } = this.#options
      // The server may be dying at its crash point at this moment.
      if (this.#mayBeDying) await supervisor.sync()
      if (supervisor.running) return
      const failure = await this.#startNext()
      if (failure !== undefined) this.#emitError(failure)
    })
  }

  kill(): Promise<void> {
    return this.#enqueue(() => this.#options.supervisor.kill())
  }

  set(change: Partial<ServerState>): void {
    this.#state = { ...this.#state, ...change }
    if (this.#options.supervisor.running && isArmed(this.#state)) this.#mayBeDying = true
    this.#send({ type: 'set', state: this.#state })
  }

  async state(): Promise<ServerState> {
    if (this.#mayBeDying) await this.#options.supervisor.sync()
    return this.#state
  }

  async dump(): Promise<void> {
    const child = this.#options.supervisor.running
    if (!child) return
    const limitMs = dumpTimeoutMs(this.#options.timeScale)
    const reply = await within(limitMs, child.ask({ type: 'dump' }))
    if (reply === undefined) this.#emitError(`no reply to 'dump' within ${limitMs} ms`)
  }

  /** Starts the next incarnation. Resolves to the reason if that fails. */
  async #startNext(): Promise<string | undefined> {
    const { supervisor, port, folder, policy, timeScale, seed, trace } = this.#options
    const state = this.#state
    this.#mayBeDying = isArmed(state)
    const started = await supervisor.startNext((incarnation) => ({
      type: 'start',
      port,
      folder,
      policy,
      recordedThrough: this.#recordedThrough,
      ...(this.#holdings.state.position > 0 && { held: this.#holdings.state }),
      ...(this.#origin !== undefined && { origin: String(this.#origin) }),
      timeScale,
      seed,
      incarnation,
      state,
      ...(trace.length > 0 && { trace }),
    }))
    const reply = started && (await within(SERVER_START_TIMEOUT_MS, started.reply))
    if (reply === 'done') return undefined
    if (typeof reply === 'object') return reply.problem
    if (supervisor.running) return `no reply to 'start' within ${SERVER_START_TIMEOUT_MS} ms`
    return supervisor.lastExit?.message ?? 'its process has exited'
  }

  #emitError(message: string): void {
    this.#options.log.emit({ type: 'error', message }, this.#options.supervisor.name)
  }

  #send(command: ServerCommand): void {
    this.#options.supervisor.running?.send(command)
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(work)
    return this.#queue
  }
}

const isArmed = ({ crashes }: ServerState) => crashes.some(({ fired }) => !fired)
