import type { EventBody } from '../../../core/event.ts'
import { HeldItems } from '../../../core/held-items.ts'
import { Holdings } from '../../../core/holdings.ts'
import { Problem } from '../../../core/problem.ts'
import type { ServerProgram } from '../../../core/server.ts'
import { NORMAL_SERVER, type ServerState } from '../../../core/server-state.ts'
import type { StagedServer } from '../../../core/world.ts'
import { ConsoleLog } from '../../host/console-log.ts'
import type { EventLog } from '../event-log.ts'
import type { WireClock } from '../ports/clock.ts'
import type { Exit } from '../process/protocol-process.ts'
import type { Warden } from '../process/warden.ts'
import type { ServerWatch } from '../relay/server-watch.ts'
import { ProgramLife } from './program-life.ts'
import { ProgramProcess } from './program-process.ts'

const NODE = 'server'

export interface ProgramServerOptions {
  readonly program: ServerProgram
  readonly port: number
  /** The folder for its data, which survives restarts. */
  readonly folder: string
  readonly log: EventLog
  readonly clock: WireClock
  readonly timeScale: number
  readonly warden: Warden
  /** Receives each line of output. */
  onOutput(text: string, incarnation: number): void
  /** See {@link ProgramLife}. */
  onLateness(ms: number): void
}

interface Running {
  readonly process: ProgramProcess
  /** Who kills this incarnation: its exit is then not a crash of its own. */
  killedBy?: 'scenario' | 'harness'
  /** Undefined until it listens. */
  life?: ProgramLife
  /** The requests that came before it was known to listen. */
  readonly early: (() => void)[]
}

/**
 * A server that is a program: starts it, kills it with its children, and starts it again on its
 * port and its folder. The relays before it tell what it received and responded; what took effect
 * is derived from what it holds.
 */
export class ProgramServer implements StagedServer, ServerWatch {
  readonly tells = 'holdings'
  readonly #options: ProgramServerOptions
  readonly #items = new HeldItems()
  readonly #holdings = new Holdings()
  #state = NORMAL_SERVER
  #incarnations = 0
  #running: Running | undefined
  #isClosed = false
  /** Settles when the starts and kills requested so far are done: they run one after another. */
  #queue: Promise<void> = Promise.resolve()

  constructor(options: ProgramServerOptions) {
    this.#options = options
  }

  /** Starts the first incarnation, before scenario time. Throws a Problem if it does not start. */
  async open(): Promise<void> {
    const failure = await this.#startNext()
    if (failure !== undefined) throw new Problem(`the server does not start: ${failure}`)
  }

  /** Scenario time is the harness's own here. */
  begin(): void {}

  async prepared(): Promise<void> {}

  /** Waits until the readings under way are recorded. */
  async sync(): Promise<void> {
    const { life } = this.#running ?? {}
    if (life) await new Promise<void>((resolve) => life.look(() => resolve()))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#running?.process.kill()
    await this.#queue
  }

  start(): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#running || this.#isClosed) return
      const failure = await this.#startNext()
      if (failure !== undefined) this.#emit({ type: 'error', message: failure })
    })
  }

  kill(): Promise<void> {
    const kill = async () => {
      const running = this.#running
      if (!running) return
      running.killedBy ??= 'scenario'
      await running.process.kill()
    }
    // At once, also while it is still starting.
    void kill()
    return this.#enqueue(kill)
  }

  set(change: Partial<ServerState>): void {
    this.#state = { ...this.#state, ...change }
  }

  async state(): Promise<ServerState> {
    return this.#state
  }

  async dump(): Promise<void> {
    await this.#running?.life?.recordState()
  }

  admit(task: () => void): void {
    const { life, early } = this.#running ?? {}
    if (life) life.admit(task)
    else if (early) early.push(task)
    else task()
  }

  received(requestId: string): void {
    if (this.#running) this.#emit({ type: 'serverReceived', requestId })
  }

  look(then: (isAlive: boolean) => void): void {
    const { life } = this.#running ?? {}
    if (life) life.look(then)
    else then(false)
  }

  responded(requestId: string, status: number): void {
    if (this.#running) this.#emit({ type: 'serverResponded', requestId, status })
  }

  /** Starts the next incarnation. Resolves to the reason if that fails. */
  async #startNext(): Promise<string | undefined> {
    this.#items.restarted()
    const { program, port, folder, warden, clock, timeScale } = this.#options
    const { onOutput, onLateness } = this.#options
    const incarnation = ++this.#incarnations
    const log = new ConsoleLog((event) => this.#emit(event))
    const process = await ProgramProcess.start({
      ...{ program, port, folder, warden },
      onLine: (text, isError) => {
        log.print(isError ? 'warn' : 'info', [text])
        onOutput(text, incarnation)
      },
    })
    const running: Running = { process, early: [] }
    this.#running = running
    if (this.#isClosed) void process.kill()
    this.#emit({ type: 'start', incarnation })
    const exited = process.exited.then((exit) => this.#onExit(running, incarnation, exit))
    const failure = await process.listening()
    if (failure !== undefined) {
      running.killedBy ??= 'harness'
      await process.kill()
      await exited
      return running.killedBy === 'scenario' ? undefined : failure
    }
    running.life = new ProgramLife({
      ...{ program, process, incarnation, clock, timeScale, onLateness },
      items: this.#items,
      holdings: this.#holdings,
      emit: (event) => this.#emit(event),
    })
    for (const task of running.early.splice(0)) running.life.admit(task)
    await running.life.begin()
    return undefined
  }

  #onExit(running: Running, incarnation: number, exit: Exit): void {
    running.life?.end()
    this.#running = undefined
    // They find nobody who listens.
    for (const task of running.early.splice(0)) task()
    if (this.#isClosed) return
    const { killedBy } = running
    this.#emit({
      type: 'crash',
      incarnation,
      ...(killedBy ? { by: killedBy } : { by: 'itself', ...exit }),
    })
  }

  #emit(event: EventBody): void {
    if (!this.#isClosed) this.#options.log.emit(event, NODE)
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(work)
    return this.#queue
  }
}
