import type { Action } from '../../core/action.ts'
import type { Identity } from '../../core/client.ts'
import { EPOCH_WALL } from '../../core/time.ts'
import type { DeviceState, StagedDevice } from '../../core/world.ts'
import type { DeviceCommand } from './device-protocol/protocol.ts'
import type { EventLog } from './event-log.ts'
import type { WireClock } from './ports/clock.ts'
import { type Node, within } from './process/node-supervisor.ts'

/** Real milliseconds after which a start is over for us, though the client has not said that it has started. */
const START_WITHIN = 1000
/** Real milliseconds for a look at the screen. */
const VIEW_WITHIN = 5000

export interface DeviceSetting {
  readonly identity: Identity
  readonly node: Node
  readonly log: EventLog
  readonly clock: WireClock
  /** Base URL of the server, over this device's link. */
  readonly server: string
  readonly folder: string
  readonly timeScale: number
  readonly seed: number
}

export class WireDevice implements StagedDevice {
  readonly #setting: DeviceSetting
  readonly #state = { online: true, metered: false, dozing: false, skew: 0 }
  #origin = ''
  /** Starts and kills, one after the other. */
  #busy: Promise<void> = Promise.resolve()

  constructor(setting: DeviceSetting) {
    this.#setting = setting
  }

  /** The first start, at scenario time 0. Resolves when the command is on its way. */
  async begin(origin: bigint): Promise<void> {
    this.#origin = String(origin)
    await this.#next()
  }

  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#setting.node.running) return
      const begun = await this.#next()
      if (begun) await within(START_WITHIN, begun.answer)
    })
  }

  kill(): Promise<void> {
    return this.#inTurn(() => this.#setting.node.kill())
  }

  perform(action: Action): void {
    const { node, log, clock } = this.#setting
    const { op } = action
    log.record(node.name, { type: 'invoke', op, action, wall: clock.wall() + this.#state.skew })
    if (node.running) this.#send({ type: 'perform', action })
    else log.record(node.name, { type: 'refused', op, reason: 'the app is not running' })
  }

  async view(): Promise<void> {
    const { node, log } = this.#setting
    const process = node.running
    if (!process) return
    const answer = await within(VIEW_WITHIN, process.ask({ type: 'view' }))
    if (answer === undefined)
      log.record(node.name, {
        type: 'error',
        message: `it has not shown its screen for ${VIEW_WITHIN} ms`,
      })
  }

  set({ online, metered, dozing, skew }: Partial<DeviceState>): void {
    const { node, log } = this.#setting
    const state = this.#state
    const changed = metered !== undefined && metered !== state.metered
    if (changed || (online !== undefined && online !== state.online)) {
      state.online = online ?? state.online
      state.metered = metered ?? state.metered
      log.record(node.name, {
        type: 'connectivity',
        online: state.online,
        ...(changed && { metered: state.metered }),
      })
    }
    if (dozing !== undefined && dozing !== state.dozing) {
      state.dozing = dozing
      log.record(node.name, { type: 'doze', dozing })
    }
    if (skew !== undefined && skew !== state.skew) {
      state.skew = skew
      log.record(node.name, { type: 'clock', by: skew })
    }
    this.#send({ type: 'set', ...state })
  }

  #next() {
    const { identity, node, server, folder, timeScale, seed } = this.#setting
    return node.next((incarnation) => ({
      type: 'start',
      ...identity,
      server,
      folder,
      origin: this.#origin,
      timeScale,
      epochWall: EPOCH_WALL,
      seed,
      incarnation,
      ...this.#state,
    }))
  }

  #send(command: DeviceCommand): void {
    this.#setting.node.running?.send(command)
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#busy = this.#busy.then(work)
    return this.#busy
  }
}
