import { READY_TIMEOUT_MS, SYNC_MARGIN_MS } from '../timeouts.ts'
import { Incarnation, type IncarnationOptions } from './incarnation.ts'
import type { Command, Exit, ProtocolProcess, Reply } from './protocol-process.ts'
import { within } from './within.ts'

/** The most spare processes that are kept ready for planned deaths. */
const SPARES_MAX = 2

export interface NodeOptions extends IncarnationOptions {
  spawn(): ProtocolProcess
  /** Real milliseconds without an answer after which the node is frozen. */
  readonly freezeAfterMs: number
  /** Returns scenario time. */
  now(): number
  /** Number of times that the scenario kills the node. As many spares are prepared over time. */
  readonly deaths: number
}

/**
 * Supervises the processes of one device or of the server: the running incarnation, and spares for
 * the next ones. A process needs 0.15 s to start, which is much scenario time. So spares are
 * started beforehand, with their modules loaded.
 */
export class NodeSupervisor {
  readonly name: string
  /** Exit of the last incarnation. */
  lastExit: Exit | undefined
  readonly #options: NodeOptions
  readonly #spares: ProtocolProcess[] = []
  #running: Incarnation | undefined
  #incarnations = 0
  #deathsLeft: number
  #closed = false

  constructor(options: NodeOptions) {
    this.#options = options
    this.name = options.name
    this.#deathsLeft = options.deaths
    this.#fillSpares()
  }

  /** The process that runs; undefined while the node is dead. */
  get running(): ProtocolProcess | undefined {
    return this.#running?.child
  }

  /** Counts the incarnations, from 1; the last one runs, or was the last to run. */
  get incarnation(): number {
    return this.#incarnations
  }

  /** Resolves when all spares are ready, or have exited. */
  async prepared(): Promise<void> {
    await Promise.all(this.#spares.map((spare) => this.#becomesReady(spare)))
  }

  /**
   * Starts the next incarnation on a spare, with the command that `startCommand` returns. Resolves
   * when the command is sent, or to undefined if the process exits before it is ready.
   */
  async startNext(
    startCommand: (incarnation: number) => Command,
  ): Promise<{ readonly reply: Promise<Reply> } | undefined> {
    const child = this.#spares.shift() ?? this.#options.spawn()
    const ready = await this.#becomesReady(child)
    if (this.#closed) return undefined
    const incarnation = new Incarnation(++this.#incarnations, child, this.#options)
    this.#running = incarnation
    incarnation.listen()
    const exited = child.exited.then((exit) => this.#onExit(incarnation, exit, ready))
    if (ready) {
      const reply = child.ask(startCommand(incarnation.number))
      incarnation.watch(reply, this.#options)
      return { reply }
    }
    await exited
    return undefined
  }

  /** Must be called when an action is sent to the process that runs. */
  performs(opId: string): void {
    this.#running?.performs(opId)
  }

  /** Sends SIGKILL. Resolves when the crash is recorded and the next spare is starting. */
  async kill(): Promise<void> {
    const incarnation = this.#running
    if (!incarnation) return
    incarnation.killedBy ??= 'scenario'
    await incarnation.child.kill()
  }

  /** Waits until all reports of the node are recorded. Records an error if the node hangs. */
  async sync(): Promise<void> {
    const child = this.running
    if (!child) return
    const timeoutMs = this.#options.freezeAfterMs + SYNC_MARGIN_MS
    const reply = await within(timeoutMs, child.ask({ type: 'sync' }))
    if (reply === undefined)
      this.#options.log.emit(
        { type: 'error', message: `no reply to 'sync' within ${timeoutMs} ms` },
        this.name,
      )
    if (reply === 'exited') await child.exited
  }

  /** Ends all processes: asks the running one to stop, waits `graceMs` real milliseconds, kills. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true
    const { running } = this
    if (running && graceMs > 0) await within(graceMs, running.ask({ type: 'stop' }))
    const children = [...this.#spares.splice(0), ...(running ? [running] : [])]
    await Promise.all(children.map((child) => child.kill()))
  }

  #onExit(incarnation: Incarnation, exit: Exit, becameReady: boolean): void {
    this.#running = undefined
    this.lastExit = exit
    this.#deathsLeft = Math.max(0, this.#deathsLeft - 1)
    if (this.#closed) return
    incarnation.recordExit(exit, becameReady)
    this.#fillSpares()
  }

  /** Keeps one spare for the next start of a dead node, and spares for planned deaths. */
  #fillSpares(): void {
    const target = (this.#running ? 0 : 1) + Math.min(SPARES_MAX, this.#deathsLeft)
    while (!this.#closed && this.#spares.length < target) this.#spares.push(this.#options.spawn())
  }

  /** Kills a process that does not become ready in time. */
  async #becomesReady(child: ProtocolProcess): Promise<boolean> {
    const ready = await within(READY_TIMEOUT_MS, child.ready)
    if (ready === undefined) await child.kill()
    return ready === true
  }
}
