import type { Action } from './action.ts'
import type { ClientDefinition } from './client.ts'
import type { EventBody } from './event.ts'
import type { History } from './history.ts'
import type { Scenario } from './scenario.ts'
import type { ServerDefinition } from './server.ts'
import type { Trace } from './trace.ts'

/** A place where scenarios are played. Contract suite: harness/run/world.contract.ts. */
export interface World {
  /** 'sim' or 'wire'. */
  readonly name: string
  /** One line on what the world runs on: 'Toxiproxy 2.12.0 (binary)'. */
  readonly about: string
  /** How many scenarios may be open at a time without slowing each other down. */
  readonly concurrency: number
  /** Sets up one scenario's devices, links and server, started and connected, at scenario time 0. */
  open(setting: Setting): Promise<Stage>
  /** Ends everything that was started for this world. */
  close(): Promise<void>
}

export interface Setting {
  readonly scenario: Scenario
  readonly client: ClientDefinition
  readonly server: ServerDefinition
  readonly seed: number
  /** Scenario milliseconds to a real one. The sim does not care. */
  readonly timeScale: number
  /** Shows what happens inside the world while it happens. Default: nothing is shown. */
  readonly trace?: Trace
}

/** One scenario being played. Calls take effect at the current scenario time; none of them moves it but `until`. */
export interface Stage {
  /** Scenario time. */
  now(): number
  /** Lets scenario time pass up to this instant, and everything happen that is due. */
  until(instant: number): Promise<void>
  device(name: string): StagedDevice
  readonly server: StagedServer
  /** The link between a device and the server. */
  link(device: string): StagedLink
  /** Adds an event of the harness. */
  emit(body: EventBody, node?: string): void
  /** The history up to now, complete: whatever was on its way to us has been waited for. */
  history(): Promise<History>
  /**
   * The worst lateness of anything that was due, in scenario milliseconds: how far the machine fell behind the time scale. A run under heavy strain
   * tells about the machine, not about the client. 0 in the sim.
   */
  strain(): number
  /** Ends the scenario's processes and removes its files. */
  close(): Promise<void>
}

export interface StagedDevice {
  /** A no-op on a device that runs. Resolves when the client has started. */
  start(): Promise<void>
  /** SIGKILL. A no-op on a dead one. */
  kill(): Promise<void>
  /** Does not wait for the action: its moments show in the history. A dead device takes none (the history says refused). */
  perform(action: Action): void
  /** Looks at the screen and records it. */
  view(): Promise<void>
  set(state: Partial<DeviceState>): void
}

/** What a scenario can change of a device's surroundings. All are kept through a restart. */
export interface DeviceState {
  /** The operating system's word on the network; true at first. */
  readonly online: boolean
  /** The network costs money: mobile data, not Wi-Fi. False at first. */
  readonly metered: boolean
  /** Android's doze. False at first. */
  readonly dozing: boolean
  /** Scenario milliseconds that the wall clock is ahead (negative: behind). */
  readonly skew: number
}

export interface StagedServer {
  start(): Promise<void>
  kill(): Promise<void>
  /** Dies when its next push reaches this point. Null takes that back. */
  crashAt(point: 'before-commit' | 'after-commit' | null): void
  /** Records everything it holds. */
  dump(): Promise<void>
}

/** One toxic on one direction of a link, with the fields of Toxiproxy's API. */
export interface ToxicSpec {
  readonly type: string
  readonly stream: 'upstream' | 'downstream'
  /** The share of connections that the toxic acts on, 0 to 1. */
  readonly toxicity: number
  /** Whole numbers. Spans are scenario milliseconds, which the wire scales. */
  readonly attributes: Readonly<Record<string, number>>
}

export interface StagedLink {
  /** `name` is unique on this link. Resolves when the toxic acts. */
  addToxic(name: string, toxic: ToxicSpec): Promise<void>
  removeToxic(name: string): Promise<void>
  /** Breaks every open connection; new ones are accepted if the link is enabled. */
  breakConnections(): Promise<void>
  /** False: connections are broken and refused. */
  enable(enabled: boolean): Promise<void>
}
