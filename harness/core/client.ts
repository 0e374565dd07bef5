import type { Action, Content } from './action.ts'
import type { Capabilities } from './capabilities.ts'
import type { Clock } from './ports/clock.ts'
import type { OpenDatabase } from './ports/database.ts'
import type { Http } from './ports/http.ts'
import type { ClientRecorder } from './ports/recorder.ts'
import type { ConnectivityState, PowerState, Signal } from './ports/signal.ts'
import type { Random } from './random.ts'

/**
 * A client under test, as `tunnelproof` loads it: the default export of a client's index.ts, and of
 * any module given to `--client`.
 *
 * @example
 * export default {
 *   name: 'online-only',
 *   title: 'sends at once, and loses what cannot be sent',
 *   capabilities: {
 *     collections: ['messages'],
 *     update: false,
 *     delete: false,
 *     cancel: false,
 *     statuses: false,
 *     outbox: false,
 *     cursor: false,
 *     versions: false,
 *     allSynced: false,
 *     conflicts: false,
 *     ordered: false,
 *     recovery: 30_000, // scenario milliseconds
 *   },
 *   create({ http }) {
 *     const rows: ViewRow[] = []
 *     const send = async (action: Action) => {
 *       if (action.type !== 'create') return { refused: 'not supported' }
 *       const { collection, record, content } = action
 *       try {
 *         const body = JSON.stringify(content)
 *         await http.request({ method: 'POST', path: '/messages', body, deadline: 10_000 })
 *       } catch (error) {
 *         if (error instanceof HttpError) return { refused: error.failure }
 *         throw error
 *       }
 *       rows.push({ collection, id: record, record, content })
 *       return { durable: false }
 *     }
 *     return {
 *       start: () => {},
 *       perform: (action) => ({ saved: send(action) }),
 *       view: () => ({ rows }),
 *       stop: () => {},
 *     }
 *   },
 * } satisfies ClientDefinition
 */
export interface ClientDefinition {
  /** The name for `--client NAME`: the path below clients/. */
  readonly name: string
  /** One line for `tunnelproof list`. */
  readonly title: string
  readonly capabilities: Capabilities
  /**
   * Creates the client on what its database holds: at the first start, and at every start after a
   * kill. Leave the syncing to {@link Client.start}.
   */
  create(ports: ClientPorts, identity: Identity): Client
  /** File URL of the module, set by the loader: a device's process loads the module again. */
  readonly module?: string
  /**
   * A program that speaks the device protocol (worlds/wire/protocol.ts), instead of a module: for
   * clients in any language. It can be played on the wire only.
   */
  readonly command?: readonly string[]
}

/**
 * Everything that a client may use of the world. The ports belong to one incarnation: after its
 * death requests never settle, timers never fire, and writes do not reach the database.
 *
 * All spans and instants are scenario milliseconds. An error that escapes the client, from a port
 * too, ends the incarnation as an uncaught exception ends an app, and is a finding.
 */
export interface ClientPorts {
  /** Never throws. A task that throws ends the incarnation. */
  readonly clock: Clock
  /** Seeded by the run and the device. Never throws. */
  readonly random: Random
  /** Rejects with an HttpError, and with nothing else. */
  readonly http: Http
  /** Opens the database. A wrong use of it throws an Error; what `work` throws is passed on. */
  readonly database: OpenDatabase
  /** What the operating system says of the network. Never throws. */
  readonly connectivity: Signal<ConnectivityState>
  /** Never throws. */
  readonly power: Signal<PowerState>
  /** Never throws. */
  readonly recorder: ClientRecorder
}

/** The device and user that a client runs for. Neither changes with a restart. */
export interface Identity {
  readonly device: string
  readonly user: string
}

/** One incarnation of a client: one per device, created again at each start. */
export interface Client {
  /** Begins to sync: at boot, on connectivity, periodically, as the client decides. */
  start(): void | Promise<void>
  /**
   * Performs a person's action. Must not throw or reject because there is no network. Action types
   * that the client's capabilities exclude do not occur.
   */
  perform(action: Action): Performed
  /** What a person would see now. */
  view(): View | Promise<View>
  /** Releases timers and files, in good order. A kill does not call it. */
  stop(): void | Promise<void>
}

/** The two moments of an action that a person is informed of. */
export interface Performed {
  /**
   * Resolves when the client has accepted the action, so that the person may go on (the text has
   * left the input field), or has refused it. A rejection ends the incarnation: refuse instead.
   */
  readonly saved: Promise<Saved>
  /** Resolves when the action's outcome is shown, if the client ever shows it. May stay pending. */
  readonly settled?: Promise<Settled>
}

/**
 * Accepted, or refused for a reason that the person sees. `durable` is the client's claim that the
 * action is on disk: an action that is lost after that is a breach of DURABLE.
 */
export type Saved = { readonly durable: boolean } | { readonly refused: string }

/** The outcome of an action as the client reports it to the person. It is a claim to be checked. */
export interface Settled {
  /** acked: stored by the server · rejected: for good · conflict: another write won. */
  readonly outcome: 'acked' | 'rejected' | 'conflict'
  /** In words for the person. */
  readonly reason?: string
}

/**
 * What a device shows to its person. Only `rows` is required; {@link Capabilities} say which of the
 * others a client fills in.
 *
 * @example
 * const view: View = {
 *   rows: [
 *     {
 *       collection: 'messages',
 *       id: 'local-1',
 *       record: 'm1',
 *       content: { conversation: 'main', text: 'Hello ⟦m1 ana-1⟧' },
 *       status: 'pending',
 *     },
 *   ],
 *   pending: 1,
 *   failed: 0,
 *   allSynced: false,
 * }
 */
export interface View {
  /** In the order shown, without the rows whose deletion the person asked for. */
  readonly rows: readonly ViewRow[]
  /** Losing edits that the person can still access. */
  readonly conflicts?: readonly {
    readonly collection: string
    readonly record: string
    readonly content: Content
  }[]
  /** The badge: the number of the person's actions that are pending, and of those that failed. */
  readonly pending?: number
  readonly failed?: number
  /** The claim "everything is synced". */
  readonly allSynced?: boolean
  readonly outbox?: readonly ViewOutboxEntry[]
}

/** One row on the screen. */
export interface ViewRow {
  readonly collection: string
  /** The client's own id of the row. */
  readonly id: string
  /** The record's name as the action gave it. Default: the one in the text's marker, else `id`. */
  readonly record?: string
  readonly content: Content
  /** pending: clock icon · sent: check icon · failed: failure icon. */
  readonly status?: 'pending' | 'sent' | 'failed'
  /** The newest server version in this row. */
  readonly version?: number
}

/** One write that the server has not confirmed. */
export interface ViewOutboxEntry {
  /** The idempotency key that its requests carry. */
  readonly key: string
  readonly type: 'create' | 'update' | 'delete'
  readonly collection: string
  readonly record: string
  /** The record's revision on this device: 1 at first, raised by each local write to the record. */
  readonly rev: number
  readonly content?: Content
  /** failed: rejected for good, and kept where the person sees it. */
  readonly state: 'pending' | 'failed'
}
