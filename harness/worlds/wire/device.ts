import type { Action } from '../../core/action.ts'
import type { Identity } from '../../core/client.ts'
import type { EventBody } from '../../core/event.ts'
import { Problem } from '../../core/problem.ts'
import { EPOCH_WALL } from '../../core/time.ts'
import type { TraceChannel } from '../../core/trace.ts'
import type { DeviceState, StagedDevice } from '../../core/world.ts'
import { unansweredView, VIEW_ANSWER_MAX_MS } from '../host/client-host.ts'
import type { DeviceCommand } from './device-protocol/protocol.ts'
import type { EventLog } from './event-log.ts'
import type { WireClock } from './ports/clock.ts'
import type { NodeSupervisor } from './process/node-supervisor.ts'
import { within } from './process/within.ts'
import { CLIENT_START_TIMEOUT_MS, VIEW_TIMEOUT_MS } from './timeouts.ts'

export interface WireDeviceOptions {
  readonly identity: Identity
  readonly supervisor: NodeSupervisor
  readonly log: EventLog
  readonly clock: WireClock
  /** Base URL of the server, over this device's link. */
  readonly server: string
  readonly folder: string
  readonly timeScale: number
  readonly seed: number
  /** The channels that the device's process traces. */
  readonly trace: readonly TraceChannel[]
}

/** A device on the wire: sends commands to its process, and records the harness's actions on it. */
export class WireDevice implements StagedDevice {
  readonly #options: WireDeviceOptions
  readonly #state = { online: true, metered: false, dozing: false, skew: 0 }
  #origin = ''
  #lastOpId: string | undefined
  /** Settles when the starts and kills requested so far are done: they run one after another. */
  #queue: Promise<void> = Promise.resolve()

  constructor(options: WireDeviceOptions) {
    this.#options = options
  }

  /**
   * Starts the first incarnation before scenario time, and waits until it has installed the app.
   * Throws a Problem if that fails.
   */
  async install(maxMs: number): Promise<void> {
    const { supervisor } = this.#options
    const started = await supervisor.startNext((incarnation) => ({
      type: 'install',
      ...this.#startFields(incarnation),
    }))
    const reply = started && (await within(maxMs, started.reply))
    if (reply === 'done') return
    const failure =
      typeof reply === 'object'
        ? reply.problem
        : reply === 'exited'
          ? supervisor.lastExit?.message
          : `it is not ready within ${maxMs / 1000} s`
    throw new Problem(`the app of ${supervisor.name} is not installed: ${failure}`)
  }

  /** Starts the first incarnation, at scenario time 0. Resolves when the command is sent. */
  async begin(origin: bigint): Promise<void> {
    this.#origin = String(origin)
    const { running, incarnation } = this.#options.supervisor
    if (running) void running.ask(this.#startCommand(incarnation))
    else await this.#startNext()
  }

  start(): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#options.supervisor.running) return
      const started = await this.#startNext()
      if (started) await within(CLIENT_START_TIMEOUT_MS, started.reply)
    })
  }

  kill(): Promise<void> {
    return this.#enqueue(() => this.#options.supervisor.kill())
  }

  perform(action: Action): void {
    const { supervisor, clock } = this.#options
    const { opId } = action
    this.#lastOpId = opId
    this.#emit({ type: 'invoke', opId, action, wall: clock.wall() + this.#state.skew })
    if (supervisor.running) {
      supervisor.performs(opId)
      this.#send({ type: 'perform', action })
    } else this.#emit({ type: 'refused', opId, reason: 'the app is not running' })
  }

  async view(): Promise<void> {
    const { supervisor, clock, timeScale } = this.#options
    const child = supervisor.running
    if (!child) return
    const since = clock.exact()
    const reply = await within(
      Math.max(VIEW_TIMEOUT_MS, VIEW_ANSWER_MAX_MS / timeScale),
      child.ask({ type: 'view' }),
    )
    if (reply === undefined)
      this.#emit({
        type: 'freeze',
        incarnation: supervisor.incarnation,
        ...unansweredView(since),
        ...(this.#lastOpId !== undefined && { opId: this.#lastOpId }),
      })
  }

  set({ online, metered, dozing, skew }: Partial<DeviceState>): void {
    const state = this.#state
    const meteredChanged = metered !== undefined && metered !== state.metered
    if (meteredChanged || (online !== undefined && online !== state.online)) {
      state.online = online ?? state.online
      state.metered = metered ?? state.metered
      this.#emit({
        type: 'connectivity',
        online: state.online,
        ...(meteredChanged && { metered: state.metered }),
      })
    }
    if (dozing !== undefined && dozing !== state.dozing) {
      state.dozing = dozing
      this.#emit({ type: 'doze', dozing })
    }
    if (skew !== undefined && skew !== state.skew) {
      state.skew = skew
      this.#emit({ type: 'clock', by: skew })
    }
    this.#send({ type: 'set', ...state })
  }

  #startNext() {
    return this.#options.supervisor.startNext((incarnation) => this.#startCommand(incarnation))
  }

  #startCommand(incarnation: number) {
    return { type: 'start', ...this.#startFields(incarnation), origin: this.#origin }
  }

  #startFields(incarnation: number) {
    const { identity, server, folder, timeScale, seed, trace } = this.#options
    return {
      ...identity,
      server,
      folder,
      timeScale,
      epochWall: EPOCH_WALL,
      seed,
      incarnation,
      ...this.#state,
      ...(trace.length > 0 && { trace }),
    }
  }

  #emit(event: EventBody): void {
    this.#options.log.emit(event, this.#options.supervisor.name)
  }

  #send(command: DeviceCommand): void {
    this.#options.supervisor.running?.send(command)
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(work)
    return this.#queue
  }
}
