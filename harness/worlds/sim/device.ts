import type { Action } from '../../core/action.ts'
import type { ClientDefinition, Identity } from '../../core/client.ts'
import type { EventBody, EventOf } from '../../core/event.ts'
import { MemoryDisk } from '../../core/ports/memory-database.ts'
import type { VirtualClock } from '../../core/ports/virtual-clock.ts'
import type { Random } from '../../core/random.ts'
import type { DeviceState, StagedDevice } from '../../core/world.ts'
import { ClientHost, unansweredView, VIEW_ANSWER_MAX_MS } from '../host/client-host.ts'
import { RequestLog } from '../host/request-log.ts'
import type { NodeTrace } from '../host/trace.ts'
import type { ByteConnection } from './byte-connection.ts'
import type { Enter, WriteLog } from './doing.ts'
import { SimHttp } from './http.ts'
import type { Network } from './network.ts'

export interface SimDeviceOptions {
  readonly identity: Identity
  readonly definition: ClientDefinition
  readonly clock: VirtualClock
  readonly random: Random
  readonly network: Network
  readonly emit: (body: EventBody, node: string) => void
  readonly trace: NodeTrace | undefined
  readonly enter: Enter
  readonly log: WriteLog
}

interface Incarnation {
  readonly number: number
  readonly host: ClientHost
  readonly http: SimHttp
  /** Those that are open. */
  readonly connections: ReadonlySet<ByteConnection>
}

/** A device and its disk, which outlive each incarnation of its client. */
export class SimDevice implements StagedDevice {
  readonly #options: SimDeviceOptions
  readonly #disk = new MemoryDisk()
  readonly #performed = new Set<string>()
  #running: Incarnation | undefined
  #incarnations = 0
  #requests = 0
  #lastOpId: string | undefined
  #state: DeviceState = { online: true, metered: false, dozing: false, skew: 0 }

  constructor(options: SimDeviceOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    if (this.#running) return
    const incarnation = this.#newIncarnation(++this.#incarnations)
    this.#running = incarnation
    this.#emit({ type: 'start', incarnation: incarnation.number })
    incarnation.host.create()
    incarnation.host.start()
    // Before another device's code is entered, so that it is clear whose code runs.
    await this.#options.clock.reactions()
  }

  async kill(): Promise<void> {
    const incarnation = this.#running
    if (incarnation) this.#die(incarnation, { by: 'scenario' })
  }

  perform(action: Action): void {
    this.#performed.add(action.opId)
    this.#lastOpId = action.opId
    this.#emit({ type: 'invoke', opId: action.opId, action, wall: this.#wall() })
    const incarnation = this.#running
    if (incarnation) incarnation.host.perform(action)
    else this.#emit({ type: 'refused', opId: action.opId, reason: 'the app is not running' })
  }

  /** Time passes while the client waits before it answers. */
  async view(): Promise<void> {
    const incarnation = this.#running
    if (!incarnation) return
    const { clock } = this.#options
    const { host, number } = incarnation
    const since = clock.now()
    let isAnswered = false
    void host.view().then(() => {
      isAnswered = true
    })
    await clock.until(since + VIEW_ANSWER_MAX_MS, () => isAnswered || !host.alive)
    if (!isAnswered && host.alive) this.#freeze(number, unansweredView(since))
  }

  set(change: Partial<DeviceState>): void {
    const before = this.#state
    this.#state = { ...before, ...change }
    const { online, metered, dozing, skew } = this.#state
    if (change.skew !== undefined) this.#emit({ type: 'clock', by: skew })
    if (change.online !== undefined || metered !== before.metered)
      this.#emit({ type: 'connectivity', online, ...(metered !== before.metered && { metered }) })
    if (change.dozing !== undefined) this.#emit({ type: 'doze', dozing })
    this.#running?.host.signal(this.#state)
  }

  #newIncarnation(number: number): Incarnation {
    const { identity, definition, clock, random, network, trace, enter, log } = this.#options
    const entered = {
      node: identity.device,
      incarnation: number,
      lastOpId: () => this.#lastOpId,
    }
    const requests = new RequestLog({
      nextId: () => `${identity.device}-r${++this.#requests}`,
      emit: (body) => this.#emit(body),
    })
    const connections = new Set<ByteConnection>()
    const http = new SimHttp({
      clock,
      network,
      log: requests,
      run: (doing, task) => host.code.run(doing, task),
    })
    const host: ClientHost = new ClientHost({
      definition,
      identity,
      clock: {
        now: () => clock.now(),
        wall: () => this.#wall(),
        after: (ms, task) => clock.after(ms, task),
      },
      random: random.fork(`${identity.device}/${number}`),
      database: this.#disk.open(() => host.alive),
      http,
      connect: () => network.connect(connections),
      requests,
      standstill: clock.standstill,
      signals: this.#state,
      emit: (event) => this.#emit(event),
      isPerformed: (opId) => this.#performed.has(opId),
      onCrash: (_error, cause) => this.#die(incarnation, { by: 'itself', ...cause }),
      onSpin: (spin) => {
        this.#freeze(number, { doing: 'a timer', ...spin })
        this.#die(incarnation, { by: 'harness' })
      },
      trace,
      onEnter: (doing, code) => enter(entered, doing, code),
      log: (text) => log(identity.device, number, text),
    })
    const incarnation: Incarnation = { number, host, http, connections }
    return incarnation
  }

  #freeze(incarnation: number, signs: Pick<EventOf<'freeze'>, 'doing' | 'sign' | 'since'>): void {
    const opId = this.#lastOpId
    this.#emit({ type: 'freeze', incarnation, ...signs, ...(opId !== undefined && { opId }) })
  }

  #wall(): number {
    return this.#options.clock.wall() + this.#state.skew
  }

  #emit(body: EventBody): void {
    this.#options.emit(body, this.#options.identity.device)
  }

  #die(incarnation: Incarnation, cause: Pick<EventOf<'crash'>, 'by' | 'message' | 'frame'>): void {
    this.#emit({ type: 'crash', incarnation: incarnation.number, ...cause })
    incarnation.host.code.revoke()
    if (this.#running === incarnation) this.#running = undefined
    incarnation.http.hangUp()
    for (const connection of [...incarnation.connections]) connection.hangUp()
  }
}
