import type { Action, Content } from './action.ts'
import type { Capabilities } from './capabilities.ts'
import type { Clock } from './ports/clock.ts'
import type { OpenDatabase } from './ports/database.ts'
import type { Http } from './ports/http.ts'
import type { ClientRecorder } from './ports/recorder.ts'
import type { ConnectivityState, PowerState, Signal } from './ports/signal.ts'
import type { Standstill } from './ports/standstill.ts'
import type { Connect } from './ports/stream.ts'
import type { Random } from './random.ts'

/**
 * A client under test, as `tunnelproof` loads it: the default export of a client's index.ts, and of
 * any module given to `--client`.
 *
 * @example
 * // Keeps nothing, and refuses what it cannot send. Only if no attempt can have arrived: after a
 * // timeout the server may have the message. A run in which it refuses too much is undecided.
 * export default {
 *   name: 'online-only',
 *   title: 'sends at once, or refuses',
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
 *   create({ clock, http, recorder }, { device, user }) {
 *     let rows: ViewRow[] = []
 *     const request = {
 *       path: '/messages',
 *       headers: { 'tunnelproof-device': device, 'tunnelproof-user': user },
 *       deadline: 10_000,
 *     }
 *     const failed = ({ failure }: HttpError) => ({ status: failure, headers: {}, body: '' })
 *     const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve))
 *     let earliest = 0
 *     // Waits for as long as an overloaded server asks in Retry-After.
 *     const call = async (rest: Pick<HttpRequest, 'method' | 'body'>) => {
 *       while (clock.now() < earliest) await wait(earliest - clock.now())
 *       const response = await http.request({ ...request, ...rest }).catch(failed)
 *       const { 'retry-after': seconds }: Record<string, string> = response.headers
 *       earliest = Math.max(earliest, clock.now() + 1000 * (Number(seconds) || 0))
 *       return response
 *     }
 *     type Message = { id: string; conversation: string; text: string }
 *     // Not every 200 is the server's: a captive portal sends a page, a proxy half of the list.
 *     const parse = (body: string): Message[] | undefined => {
 *       try {
 *         return JSON.parse(body).messages
 *       } catch {
 *         return undefined
 *       }
 *     }
 *     const load = async () => {
 *       const { status, body } = await call({ method: 'GET' })
 *       const messages = status === 200 && parse(body)
 *       if (!messages) return false
 *       rows = messages.map(({ id, conversation, text }) => ({
 *         collection: 'messages',
 *         id,
 *         content: { conversation, text },
 *       }))
 *       recorder.screen()
 *       return true
 *     }
 *     const poll = () => void load().then(() => clock.after(10_000, poll))
 *     const send = async (action: Action): Promise<Saved> => {
 *       if (action.type !== 'create') return { refused: 'not supported' }
 *       // The same id in each attempt: the server carries out a repeated request once.
 *       const body = JSON.stringify({ id: action.record, ...action.content })
 *       for (let mayHaveArrived = false; ; mayHaveArrived = true) {
 *         const { status } = await call({ method: 'POST', body })
 *         if (status === 201) break
 *         if (status === 'refused' && !mayHaveArrived) return { refused: 'no connection' }
 *         await wait(5_000)
 *       }
 *       while (!(await load())) await wait(5_000)
 *       return { durable: false }
 *     }
 *     return {
 *       start: poll,
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
  /** A line for `tunnelproof list`. */
  readonly title: string
  readonly capabilities: Capabilities
  /**
   * Creates the client from what its database holds: at the first start, and at every start after a
   * kill. Must not sync yet: that begins in {@link Client.start}.
   */
  create(ports: ClientPorts, identity: Identity): Client
  /** File URL of the module, set by the loader: a device's process loads the module again. */
  readonly module?: string
  /**
   * File URL of what {@link module} was compiled from: places in the code are named relative to it.
   * Default: `module`.
   */
  readonly source?: string
  /**
   * A program that speaks the device protocol (worlds/wire/device-protocol/), instead of a module:
   * for clients in any language. It can be played on the wire only.
   */
  readonly command?: readonly string[]
  /**
   * True: the program talks to the server by HTTPS. Its URL then begins with https:, and the file
   * in TUNNELPROOF_CA (also in NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, REQUESTS_CA_BUNDLE and
   * CURL_CA_BUNDLE) has the authority that it must trust.
   */
  readonly tls?: boolean | undefined
  /**
   * For a program that needs seconds before it can be used, such as a browser: the most real
   * milliseconds for it. Its first process then gets the command `install` before scenario time
   * begins, while there is no fault.
   */
  readonly installMaxMs?: number
  /** The greatest time scale at which it can be played on the wire. Default: no limit. */
  readonly timeScaleMax?: number
}

/**
 * The only access that a client has to the world. The ports belong to one incarnation: after its
 * death requests never settle, timers never fire, and writes do not reach the database.
 *
 * All spans and instants are scenario milliseconds. An error that the client does not catch, even
 * one that a port threw, ends the incarnation, as an uncaught exception ends an app. NO-CRASH
 * reports it.
 */
export interface ClientPorts {
  /** Never throws. A task that throws ends the incarnation. */
  readonly clock: Clock
  /** Seeded by the run and the device. Never throws. */
  readonly random: Random
  /** Rejects with an HttpError, and with nothing else. */
  readonly http: Http
  /**
   * Opens a connection of bytes to the server, for clients that speak HTTP, WebSocket or anything
   * else by themselves. HTTP/1.1 and WebSocket on it are recorded as requests. Never throws.
   */
  readonly connect: Connect
  /** Opens the database. A wrong use of it throws an Error; what `work` throws is passed on. */
  readonly database: OpenDatabase
  /** The network as the operating system reports it. Never throws. */
  readonly connectivity: Signal<ConnectivityState>
  /** Never throws. */
  readonly power: Signal<PowerState>
  readonly standstill: Standstill
  /** Never throws. */
  readonly recorder: ClientRecorder
}

/** The device and the user of a client. Both stay the same after a restart. */
export interface Identity {
  readonly device: string
  readonly user: string
}

/**
 * An incarnation of a client. Each start of a device creates a new one.
 *
 *     create ──▶ start ──▶ perform, view, signals of network and power … ──▶ stop, or a kill
 *
 * The host asks for the view at the start, after each `saved`, after each `recorder.screen()`, and
 * when all screens are read. A client that does something surprising can say why:
 * `recorder.note('KEEP: SendMessages is running, request dropped', { opId })`.
 */
export interface Client {
  /** Begins to sync. The client decides when: at boot, on connectivity, periodically. */
  start(): void | Promise<void>
  /**
   * Performs a person's action. Must not throw or reject because there is no network. Action types
   * that the client's capabilities exclude do not occur.
   */
  perform(action: Action): Performed
  /**
   * Returns the screen as a person would see it now; undefined while the app shows nothing yet, for
   * example because it still loads its data.
   *
   * The clock runs while a promise is pending. A late view is judged by what the client could know
   * when it was asked; one that a later view has overtaken is dropped. When the screens are read,
   * no answer within a minute breaches NO-FREEZE, and nothing to show makes the run `unknown`.
   */
  view(): View | undefined | Promise<View | undefined>
  /** Releases timers and files at an orderly exit. A kill does not call it. */
  stop(): void | Promise<void>
}

/** The two reports of a client on an action: it is saved, and later its outcome is known. */
export interface Performed {
  /**
   * Resolves when the client has accepted the action, so that the person may go on (the text has
   * left the input field), or has refused it. Never reject it: that ends the incarnation. If it
   * never resolves, that breaches LIVENESS.
   */
  readonly saved: Promise<Saved>
  /** Resolves when the action's outcome is shown, if the client ever shows it. May stay pending. */
  readonly settled?: Promise<Settled>
}

/**
 * An accepted action, or one refused for a reason that the person sees. `durable` is the client's
 * claim that the action is on disk: losing it after that breaches DURABLE. Refuse only what cannot
 * take effect any more: after a timeout the server may have it, and NO-FALSE-ACK finds the lie.
 */
export type Saved = { readonly durable: boolean } | { readonly refused: string }

/** The outcome of an action as the client reports it to the person: a claim to be checked. */
export interface Settled {
  /**
   * acked: the server stored it · rejected: permanently, by the server or by a rule of the client
   * (`localRules`) · conflict: another write won.
   */
  readonly outcome: 'acked' | 'rejected' | 'conflict'
  /** The reason in words for the person. */
  readonly reason?: string
}

/**
 * The content of a device's screen. Only `rows` is required; the client's {@link Capabilities}
 * decide which of the other fields it fills in.
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
  /** In the order shown, without the rows that the person has deleted. */
  readonly rows: readonly ViewRow[]
  /** Edits that lost a conflict and that the person can still read. */
  readonly conflicts?: readonly {
    readonly collection: string
    readonly record: string
    readonly content: Content
  }[]
  /** The badge: the number of actions that are pending, and of those that failed. */
  readonly pending?: number
  readonly failed?: number
  /** The claim "everything is synced". */
  readonly allSynced?: boolean
  readonly outbox?: readonly ViewOutboxEntry[]
}

/** A row on the screen. */
export interface ViewRow {
  readonly collection: string
  /** The client's own id of the row. */
  readonly id: string
  /** The record's name in the action. Default: the name in the text's marker, or else `id`. */
  readonly record?: string
  readonly content: Content
  /** pending: clock icon · sent: check icon · failed: failure icon. */
  readonly status?: 'pending' | 'sent' | 'failed'
  /** The newest server version in this row. */
  readonly version?: number
}

/** A write that the server has not confirmed. */
export interface ViewOutboxEntry {
  /** The idempotency key that its requests carry. */
  readonly key: string
  readonly type: 'create' | 'update' | 'delete'
  readonly collection: string
  readonly record: string
  /** The record's revision on this device: 1 at first, raised by each local write to the record. */
  readonly rev: number
  readonly content?: Content
  /** failed: rejected permanently, and kept where the person sees it. */
  readonly state: 'pending' | 'failed'
}
