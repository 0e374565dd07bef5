import type { Action } from './action.ts'
import type { ClientDefinition } from './client.ts'
import type { EventBody } from './event.ts'
import type { History } from './history.ts'
import type { Interception } from './interception.ts'
import type { Scenario } from './scenario.ts'
import type { ServerDefinition, ServerTells } from './server.ts'
import type { ServerState } from './server-state.ts'
import type { Trace } from './trace.ts'

/**
 * A place where scenarios are played: the sim or the wire.
 * Contract suite: harness/run/world.contract.ts.
 */
export interface World {
  /** 'sim' or 'wire'. */
  readonly name: string
  /** Describes the world in one line: 'Toxiproxy 2.12.0 (binary)'. */
  readonly about: string
  /** The number of scenarios that can be open at a time without slowing each other down. */
  readonly concurrency: number
  /** Sets up a scenario's devices, links and server: started and connected, at scenario time 0. */
  open(setting: Setting): Promise<Stage>
  /** Stops everything that was started for this world. */
  close(): Promise<void>
}

/** A scenario to play, with the client, the server and the seed. */
export interface Setting {
  readonly scenario: Scenario
  readonly client: ClientDefinition
  readonly server: ServerDefinition
  readonly seed: number
  /** Scenario milliseconds per real millisecond. The sim ignores it. */
  readonly timeScale: number
  /** Shows what happens inside the world while it happens. Default: nothing is shown. */
  readonly trace?: Trace
  /** Receives the output and the stacks of the code under test. Default: they are dropped. */
  readonly log?: (line: LogLine) => void
}

/**
 * A piece of the log of one incarnation: console output, standard error, or the whole stack of an
 * exception. The history has no stacks: they contain this machine's paths.
 */
export interface LogLine {
  /** A device's name, or 'server'. */
  readonly node: string
  readonly incarnation: number
  /** Scenario milliseconds. */
  readonly t: number
  /** Without a line break at the end; may have several lines. */
  readonly text: string
  /** A picture of the screen, as a PNG; it replaces the one before. */
  readonly picture?: Uint8Array
}

/**
 * A scenario that is being played. Calls take effect at the current scenario time; only `until`
 * advances it. All times are scenario milliseconds. The methods are general; effects
 * (harness/effects/) combine them into the faults of a scenario.
 */
export interface Stage {
  /** Returns the current scenario time. */
  now(): number
  /** Advances scenario time to this instant, through everything that is due until then. */
  until(instant: number): Promise<void>
  device(name: string): StagedDevice
  readonly server: StagedServer
  /** Returns the link between a device and the server. */
  link(device: string): StagedLink
  readonly gateway: StagedGateway
  /** Adds an event to the history. Default node: 'harness'. */
  emit(body: EventBody, node?: string): void
  /** Returns the complete history up to now. Waits for events that have not arrived yet. */
  history(): Promise<History>
  /**
   * Returns the instant of the last event that matters; undefined while something is under way, see
   * core/activity.ts. Cheap: no process is asked.
   */
  restingSince(): number | undefined
  /**
   * Returns how far the machine fell behind the time scale: the greatest lateness of anything that
   * was due. After heavy strain, a breach may be caused by the machine rather than the client. 0 in
   * the sim.
   */
  strain(): number
  /** Stops the scenario's processes and removes its files. */
  close(): Promise<void>
}

export interface StagedDevice {
  /** Starts the app on its disk. Does nothing if it runs. Resolves when it has started. */
  start(): Promise<void>
  /** Kills the app (SIGKILL). Does nothing if it is dead. */
  kill(): Promise<void>
  /** Begins an action without waiting; the history records its outcome. A dead app refuses it. */
  perform(action: Action): void
  /** Records the screen. */
  view(): Promise<void>
  set(state: Partial<DeviceState>): void
}

/** The surroundings of a device, which a scenario can change. A restart does not reset them. */
export interface DeviceState {
  /** The operating system reports a network. True at first. */
  readonly online: boolean
  /** The operating system reports a metered network: mobile data, not Wi-Fi. False at first. */
  readonly metered: boolean
  /** The phone is in Android's doze. False at first. */
  readonly dozing: boolean
  /** Milliseconds that the wall clock is ahead; negative: behind. 0 at first. */
  readonly skew: number
}

export interface StagedServer {
  /** A server that tells its writes reports from inside: only then has it checkpoints. */
  readonly tells: ServerTells
  /** Starts the server on its disk. Does nothing if it runs. */
  start(): Promise<void>
  /** Kills the server (SIGKILL). Does nothing if it is dead. */
  kill(): Promise<void>
  set(state: Partial<ServerState>): void
  /** Returns what was set, and which crashes have happened. Waits for reports on their way. */
  state(): Promise<ServerState>
  /** Records everything that the server holds. */
  dump(): Promise<void>
}

/** A toxic on one direction of a link, with the fields of Toxiproxy's API. */
export interface ToxicSpec {
  readonly type: string
  readonly stream: 'upstream' | 'downstream'
  /** The share of connections that the toxic acts on, 0 to 1. */
  readonly toxicity: number
  /** Whole numbers. Spans are scenario milliseconds; the wire divides them by the time scale. */
  readonly attributes: Readonly<Record<string, number>>
}

/** Acts on HTTP requests between the links and the server. */
export interface StagedGateway {
  /** Adds an interception under a name that is unique on this stage. */
  add(name: string, interception: Interception): void
  /** Removes it. Breaks the connections whose responses it has lost. */
  remove(name: string): void
  /** Returns true if an interception that is still there has killed the node. */
  hasKilled(node: string): boolean
}

export interface StagedLink {
  /** Adds a toxic under a name that is unique on this link. Resolves when the toxic acts. */
  addToxic(name: string, toxic: ToxicSpec): Promise<void>
  removeToxic(name: string): Promise<void>
  /** Breaks all open connections. New ones are accepted if the link is enabled. */
  breakConnections(): Promise<void>
  /** Disabling breaks all open connections and refuses new ones. */
  enable(enabled: boolean): Promise<void>
}
