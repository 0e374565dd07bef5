import type { EventBody } from '../../core/event.ts'
import { Problem } from '../../core/problem.ts'
import type { StagedServer } from '../../core/world.ts'
import type { ServerCommand } from './device-protocol/protocol.ts'
import type { EventLog } from './event-log.ts'
import { type Node, within } from './process/node-supervisor.ts'

const DUMP_WITHIN = 5000
const START_WITHIN = 5000

export interface ServerSetting {
  readonly node: Node
  readonly log: EventLog
  readonly port: number
  readonly folder: string
  readonly policy: string
  readonly timeScale: number
  readonly seed: number
}

export class WireServer implements StagedServer {
  readonly #setting: ServerSetting
  #origin: bigint | undefined
  /** The last commit that an incarnation could report: the next one looks for later ones in its log. */
  #recordedThrough = 0
  #armed = false
  #busy: Promise<void> = Promise.resolve()

  constructor(setting: ServerSetting) {
    this.#setting = setting
  }

  /** The first start, before scenario time begins. Throws a Problem when it does not come up. */
  async open(): Promise<void> {
    await this.#next((message) => {
      throw new Problem(`the server does not start: ${message}`)
    })
  }

  /** Scenario time begins. */
  begin(origin: bigint): void {
    this.#origin = origin
    this.#send({ type: 'clock', origin: String(origin) })
  }

  /** Sees the events it reports. */
  heard(event: EventBody): void {
    if (event.type === 'serverCommit')
      this.#recordedThrough = Math.max(this.#recordedThrough, event.position)
  }

  start(): Promise<void> {
    return this.#inTurn(async () => {
      const { node, log } = this.#setting
      // It may be dying this very moment, at a point it was told to die at.
      if (this.#armed) await node.sync()
      if (!node.running)
        await this.#next((message) => log.record(node.name, { type: 'error', message }))
    })
  }

  kill(): Promise<void> {
    return this.#inTurn(() => this.#setting.node.kill())
  }

  crashAt(point: 'before-commit' | 'after-commit' | null): void {
    if (point !== null) this.#armed = true
    this.#send({ type: 'crashAt', point })
  }

  async dump(): Promise<void> {
    const { node, log } = this.#setting
    const process = node.running
    if (!process) return
    const answer = await within(DUMP_WITHIN, process.ask({ type: 'dump' }))
    if (answer === undefined)
      log.record(node.name, {
        type: 'error',
        message: `it has not told what it holds for ${DUMP_WITHIN} ms`,
      })
  }

  async #next(fail: (message: string) => void): Promise<void> {
    const { node, port, folder, policy, timeScale, seed } = this.#setting
    this.#armed = false
    const begun = await node.next((incarnation) => ({
      type: 'start',
      port,
      folder,
      policy,
      recordedThrough: this.#recordedThrough,
      ...(this.#origin !== undefined && { origin: String(this.#origin) }),
      timeScale,
      seed,
      incarnation,
    }))
    const answer = begun && (await within(START_WITHIN, begun.answer))
    if (answer === 'done') return
    const silence = node.running
      ? `no word from it within ${START_WITHIN} ms`
      : (node.lastExit?.message ?? 'it is gone')
    fail(typeof answer === 'object' ? answer.problem : silence)
  }

  #send(command: ServerCommand): void {
    this.#setting.node.running?.send(command)
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#busy = this.#busy.then(work)
    return this.#busy
  }
}
