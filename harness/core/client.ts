import type { Action, Content } from './action.ts'
import type { Capabilities } from './capabilities.ts'
import type { Clock } from './ports/clock.ts'
import type { OpenDatabase } from './ports/database.ts'
import type { Http } from './ports/http.ts'
import type { ClientRecorder } from './ports/recorder.ts'
import type { ConnectivityState, PowerState, Signal } from './ports/signal.ts'
import type { Random } from './random.ts'

/** All a client may touch. Nothing of one incarnation's ports works after its death. */
export interface ClientPorts {
  readonly clock: Clock
  readonly random: Random
  readonly http: Http
  readonly database: OpenDatabase
  readonly connectivity: Signal<ConnectivityState>
  readonly power: Signal<PowerState>
  readonly recorder: ClientRecorder
}

/** Who this device is. `device` never changes, not by a restart either. */
export interface Identity {
  readonly device: string
  readonly user: string
}

/** An offline-first client under test: one per device, made anew at each start on what its database holds. */
export interface Client {
  /** Begins syncing by itself: at boot, on connectivity, periodically, as it sees fit. */
  start(): void | Promise<void>
  /** A person's action. Must not throw for want of a network. */
  perform(action: Action): Performed
  /** What a person would see now. */
  view(): View | Promise<View>
  /** Lets go of timers and files, in good order. A kill does without. */
  stop(): void | Promise<void>
}

/** The two moments of an action that a person is told of. */
export interface Performed {
  /** Taken over: the person may go on, the text has left the input field. Or refused at once, for a reason they are told. */
  readonly saved: Promise<Saved>
  /** How it ended, where the client ever says so. May stay open for ever. */
  readonly settled?: Promise<Settled>
}

/** `durable`: the client claims that it is on disk. */
export type Saved = { readonly durable: boolean } | { readonly refused: string }

export interface Settled {
  readonly outcome: 'acked' | 'rejected' | 'conflict'
  readonly reason?: string
}

export interface View {
  /** In the order shown. A row whose deletion the person asked for is left out. */
  readonly rows: readonly ViewRow[]
  /** Losing edits the person can still get at. */
  readonly conflicts?: readonly {
    readonly collection: string
    readonly record: string
    readonly content: Content
  }[]
  /** The badge: how many of the person's actions wait, and how many failed. */
  readonly pending?: number
  readonly failed?: number
  /** The claim "everything is synced". */
  readonly allSynced?: boolean
  readonly outbox?: readonly ViewOutboxEntry[]
}

export interface ViewRow {
  readonly collection: string
  /** The client's own id of the row. */
  readonly id: string
  /** The record's name as the action gave it; without one the marker in the text tells. */
  readonly record?: string
  readonly content: Content
  readonly status?: 'pending' | 'sent' | 'failed'
  /** The newest server version in this row. */
  readonly version?: number
}

export interface ViewOutboxEntry {
  readonly key: string
  readonly type: 'create' | 'update' | 'delete'
  readonly collection: string
  readonly record: string
  /** The record's revision on this device, from 1, raised by each local write to it. */
  readonly rev: number
  readonly content?: Content
  /** failed: rejected for good and parked where the person sees it. */
  readonly state: 'pending' | 'failed'
}

/** The default export of a client's index.ts, and of any module given to `--client`. */
export interface ClientDefinition {
  /** As in `--client NAME`: the path below clients/. */
  readonly name: string
  /** One line for `tunnelproof list`. */
  readonly title: string
  readonly capabilities: Capabilities
  create(ports: ClientPorts, identity: Identity): Client
  /** File URL of the module this came from, filled in by whoever loads it: a device's process loads it anew. */
  readonly module?: string
  /** A program that speaks the device protocol (worlds/wire/device-protocol/protocol.ts) instead of a module: for clients in any language, on the wire only. */
  readonly command?: readonly string[]
}
