import type { Action } from '../../core/action.ts'
import type { Client, ClientDefinition, Identity } from '../../core/client.ts'
import type { EventBody } from '../../core/event.ts'
import { observeView } from '../../core/observe.ts'
import { MemoryDisk } from '../../core/ports/memory-database.ts'
import { type ConnectivityState, type PowerState, SettableSignal } from '../../core/ports/signal.ts'
import type { VirtualClock } from '../../core/ports/virtual-clock.ts'
import { messageOf } from '../../core/problem.ts'
import type { Random } from '../../core/random.ts'
import type { DeviceState, StagedDevice } from '../../core/world.ts'
import { SimHttp } from './http.ts'
import type { Network } from './network.ts'

interface Incarnation {
  readonly number: number
  alive: boolean
  client: Client | undefined
  connectivity: SettableSignal<ConnectivityState>
  power: SettableSignal<PowerState>
  /** The last screen that was recorded, as JSON. */
  shown: string
  screenDue: boolean
  readonly http: SimHttp
}

/** A device with its disk, through all incarnations of its client. */
export class SimDevice implements StagedDevice {
  readonly #identity: Identity
  readonly #definition: ClientDefinition
  readonly #clock: VirtualClock
  readonly #random: Random
  readonly #network: Network
  readonly #record: (body: EventBody, node: string) => void
  readonly #busy: (fall: (error: unknown) => void) => void
  readonly #disk = new MemoryDisk()
  #running: Incarnation | undefined
  #incarnations = 0
  #requests = 0
  #online = true
  #metered = false
  #dozing = false
  #skew = 0

  constructor(options: {
    readonly identity: Identity
    readonly definition: ClientDefinition
    readonly clock: VirtualClock
    readonly random: Random
    readonly network: Network
    readonly record: (body: EventBody, node: string) => void
    /** Called whenever code of the client is about to run: whoever catches a stray rejection knows then whose it is. */
    readonly busy: (fall: (error: unknown) => void) => void
  }) {
    this.#identity = options.identity
    this.#definition = options.definition
    this.#clock = options.clock
    this.#random = options.random
    this.#network = options.network
    this.#record = options.record
    this.#busy = options.busy
  }

  async start(): Promise<void> {
    if (this.#running) return
    const incarnation: Incarnation = {
      number: ++this.#incarnations,
      alive: true,
      client: undefined,
      connectivity: new SettableSignal<ConnectivityState>({
        online: this.#online,
        metered: this.#metered,
      }),
      power: new SettableSignal<PowerState>({ charging: false, dozing: this.#dozing }),
      shown: '',
      screenDue: false,
      http: new SimHttp({
        clock: this.#clock,
        network: this.#network,
        name: () => `${this.#identity.device}-r${++this.#requests}`,
        log: (body) => this.#log(body),
        run: (task) => this.#run(incarnation, task),
      }),
    }
    this.#running = incarnation
    this.#log({ type: 'start', incarnation: incarnation.number })
    await this.#guard(incarnation, async () => {
      incarnation.client = this.#create(incarnation)
      // A client may wait for the network in start(); the run does not wait with it.
      Promise.resolve(incarnation.client.start()).catch((error) => this.#fall(incarnation, error))
      await this.#look(incarnation)
    })
  }

  async kill(): Promise<void> {
    if (!this.#running) return
    this.#log({ type: 'crash', incarnation: this.#running.number, by: 'scenario' })
    this.#end(this.#running)
  }

  perform(action: Action): void {
    this.#log({ type: 'invoke', op: action.op, action, wall: this.#clock.wall() + this.#skew })
    const incarnation = this.#running
    if (!incarnation?.client) {
      this.#log({ type: 'refused', op: action.op, reason: 'the app is not running' })
      return
    }
    const { client } = incarnation
    void this.#guard(incarnation, async () => {
      const { saved, settled } = client.perform(action)
      settled?.then(
        (end) => incarnation.alive && this.#log({ type: 'settled', op: action.op, ...end }),
        (error) => this.#fall(incarnation, error),
      )
      const save = await saved
      if (!incarnation.alive) return
      this.#log(
        'refused' in save
          ? { type: 'refused', op: action.op, reason: save.refused }
          : { type: 'saved', op: action.op, durable: save.durable },
      )
      await this.#look(incarnation)
    })
  }

  async view(): Promise<void> {
    const incarnation = this.#running
    if (incarnation) await this.#guard(incarnation, () => this.#look(incarnation, true))
  }

  set(state: Partial<DeviceState>): void {
    if (state.skew !== undefined) {
      this.#skew = state.skew
      this.#log({ type: 'clock', by: state.skew })
    }
    const metered = state.metered !== undefined && state.metered !== this.#metered
    if (state.online !== undefined || metered) {
      this.#online = state.online ?? this.#online
      this.#metered = state.metered ?? this.#metered
      this.#log({
        type: 'connectivity',
        online: this.#online,
        ...(metered && { metered: this.#metered }),
      })
    }
    if (state.dozing !== undefined) {
      this.#dozing = state.dozing
      this.#log({ type: 'doze', dozing: state.dozing })
    }
    const incarnation = this.#running
    if (!incarnation) return
    this.#run(incarnation, () => {
      incarnation.connectivity.set({ online: this.#online, metered: this.#metered })
      incarnation.power.set({ dozing: this.#dozing })
    })
  }

  #create(incarnation: Incarnation): Client {
    const clock = this.#clock
    return this.#definition.create(
      {
        clock: {
          now: () => clock.now(),
          wall: () => clock.wall() + this.#skew,
          after: (ms, task) => clock.after(ms, () => this.#run(incarnation, task)),
        },
        random: this.#random.fork(`${this.#identity.device}/${incarnation.number}`),
        http: incarnation.http,
        database: this.#disk.open(() => incarnation.alive),
        connectivity: incarnation.connectivity,
        power: incarnation.power,
        recorder: {
          emit: (event) => {
            if (incarnation.alive) this.#log(event)
          },
          screen: () => this.#screen(incarnation),
        },
      },
      this.#identity,
    )
  }

  /** Coalesces hints: one look once this turn's promise reactions have had their say. */
  #screen(incarnation: Incarnation): void {
    if (incarnation.screenDue || !incarnation.alive) return
    incarnation.screenDue = true
    void Promise.resolve().then(() => {
      incarnation.screenDue = false
      void this.#guard(incarnation, () => this.#look(incarnation))
    })
  }

  async #look(incarnation: Incarnation, always = false): Promise<void> {
    if (!incarnation.alive || !incarnation.client) return
    const view = observeView(await incarnation.client.view())
    if (!incarnation.alive) return
    const shown = JSON.stringify(view)
    if (shown === incarnation.shown && !always) return
    incarnation.shown = shown
    this.#log({ type: 'view', view })
  }

  #log(body: EventBody): void {
    this.#record(body, this.#identity.device)
  }

  /** Runs code of the client, if it still lives. */
  #run(incarnation: Incarnation, task: () => void): void {
    if (!incarnation.alive) return
    this.#busy((error) => this.#fall(incarnation, error))
    try {
      task()
    } catch (error) {
      this.#fall(incarnation, error)
    }
  }

  async #guard(incarnation: Incarnation, task: () => Promise<void>): Promise<void> {
    this.#busy((error) => this.#fall(incarnation, error))
    try {
      await task()
    } catch (error) {
      this.#fall(incarnation, error)
    }
  }

  /** An exception nobody caught ends the app, as it would its process. It is a finding, not a failure of ours. */
  #fall(incarnation: Incarnation, error: unknown): void {
    if (!incarnation.alive) return
    this.#log({ type: 'error', message: messageOf(error) })
    this.#log({
      type: 'crash',
      incarnation: incarnation.number,
      by: 'itself',
      message: messageOf(error),
    })
    this.#end(incarnation)
  }

  #end(incarnation: Incarnation): void {
    incarnation.alive = false
    if (this.#running === incarnation) this.#running = undefined
    incarnation.http.hangUp()
  }
}
