import type { Content } from './action.ts'
import type { Clock } from './ports/clock.ts'
import type { OpenDatabase } from './ports/database.ts'
import type { HttpRequest, HttpResponse } from './ports/http.ts'
import type { ServerRecorder } from './ports/recorder.ts'
import type { Standstill } from './ports/standstill.ts'
import type { ByteStream } from './ports/stream.ts'
import type { Random } from './random.ts'

/**
 * A server under test, as `tunnelproof` loads it: the default export of a module given to
 * `--server`.
 *
 * @example
 * export default {
 *   name: 'last-message',
 *   title: 'keeps the last message only',
 *   create({ database }) {
 *     const db = database({ messages: { key: 'id' } })
 *     const rows = () =>
 *       db.read((tables) => tables.table<{ id: string; text: string }>('messages').all())
 *     return {
 *       async handle({ method, body = '' }) {
 *         if (method === 'POST') {
 *           db.transaction((tables) => tables.table('messages').put({ id: 'last', text: body }))
 *         }
 *         return { status: 200, headers: {}, body: JSON.stringify(rows()) }
 *       },
 *       dump: () => ({
 *         epoch: 'e1',
 *         position: rows().length,
 *         rows: rows().map(({ id, text }) => ({
 *           collection: 'messages',
 *           record: id,
 *           version: 1,
 *           deleted: false,
 *           content: { text },
 *         })),
 *       }),
 *     }
 *   },
 * } satisfies ServerDefinition
 */
export interface ServerDefinition<Created extends Server = Server> {
  /** The name for `--server NAME`. */
  readonly name: string
  /** A line for `tunnelproof list`. */
  readonly title: string
  /**
   * writes: the server reports each commit and each decision to its recorder. holdings: it only
   * shows what it holds. Its dump is then read before each response leaves, when it starts, and at
   * the end of the run; commits are derived from what changed, by the markers in the contents. What
   * it reports to the recorder is ignored. An effect that comes and goes between two readings is
   * not seen, and invariants that need the server's decisions (CONFLICT-POLICY, CURSOR) are idle.
   * Default: writes.
   *
   * @example
   * // The app has this already, with an asynchronous database of its own.
   * declare function startBackend(database: OpenDatabase): {
   *   handle: Server['handle']
   *   countChanges(): Promise<number>
   *   notes(): Promise<{ id: string; revision: number; text: string }[]>
   * }
   *
   * export default {
   *   name: 'our-backend',
   *   title: 'the backend of our app',
   *   tells: 'holdings',
   *   create: (ports) => {
   *     const backend = startBackend(ports.database)
   *     return {
   *       handle: (request) => backend.handle(request),
   *       dump: async () => ({
   *         epoch: 'e1',
   *         position: await backend.countChanges(),
   *         rows: (await backend.notes()).map(({ id, revision, text }) => ({
   *           collection: 'notes',
   *           record: id,
   *           version: revision,
   *           deleted: false,
   *           content: { text },
   *         })),
   *       }),
   *     }
   *   },
   * } satisfies ServerDefinition
   */
  readonly tells?: ServerTells
  /** Creates the server from what its database holds: at the first start, and after every crash. */
  create(ports: ServerPorts, setup: ServerSetup): Created
  /** File URL of the module, set by the loader. */
  readonly module?: string
  /** File URL of the source that `module` was compiled from. Places in the code are named by it. */
  readonly source?: string
  /** The server as a program, instead of a module: played on the wire only. Tells holdings. */
  readonly program?: ServerProgram
}

/** A server in any language, which listens on the port in the environment variable PORT. */
export interface ServerProgram {
  readonly command: readonly string[]
  /** The folder in which it runs. Its data belongs into the folder DATA_DIR. */
  readonly cwd?: string
  /** Variables besides PORT, HOST, DATA_DIR and those of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** Returns what the running program holds. Called before each response leaves, and at the end. */
  dump(at: RunningProgram): readonly HeldItem[] | Promise<readonly HeldItem[]>
}

/** A program that listens. */
export interface RunningProgram {
  /** 'http://127.0.0.1:4321' */
  readonly url: string
  /** The folder for its data: DATA_DIR. */
  readonly folder: string
}

/** A row that a server holds, as a dump names it that knows neither versions nor tombstones. */
export interface HeldItem {
  readonly collection: string
  /** The server's own id of the row. */
  readonly id: string
  readonly content: Content
}

/** See {@link ServerDefinition.tells}. */
export type ServerTells = 'writes' | 'holdings'

/** The only access that a server has to the world. The ports stop working when it crashes. */
export interface ServerPorts {
  /** Never throws. */
  readonly clock: Clock
  /** Seeded by the run. Never throws. */
  readonly random: Random
  /** Opens the database. A wrong use of it throws an Error; what `work` throws is passed on. */
  readonly database: OpenDatabase
  /** A folder for files, which survives restarts. Undefined in the sim, which has no files. */
  readonly folder?: string
  readonly standstill: Standstill
  /** Never throws. */
  readonly recorder: ServerRecorder
  /**
   * Marks a point at which a scenario may crash the server. Call it in every push, before and after
   * the commit. If the server crashes there, code after the call has no effect.
   */
  checkpoint(point: 'before-commit' | 'after-commit'): void
}

/** The facts that a server needs when it starts. */
export interface ServerSetup {
  /** The name of the scenario's conflict policy. */
  readonly policy: string
  /**
   * The position of the last commit that earlier incarnations recorded; 0 at the first start. The
   * server must record later commits in its database as `recovered`.
   */
  readonly recordedThrough: number
}

/** An incarnation of a server. The host provides the transport. */
export interface Server {
  /** Answers a request. If it rejects, the client gets a 500 and the history an `error` event. */
  handle(request: HttpRequest): Promise<HttpResponse>
  /**
   * Serves a connection of bytes: for servers that parse HTTP, WebSocket or anything else by
   * themselves. Default: HTTP/1.1 is read from it, and passed to {@link Server.handle}.
   */
  accept?(stream: ByteStream): void
  /**
   * Returns everything that the server holds, tombstones included, without changing anything; at
   * once, or as a promise that resolves within 10 s of scenario time. Called when the replicas are
   * read, and much more often if the server tells holdings only.
   */
  dump(): ServerDump | Promise<ServerDump>
  /**
   * Asked about an error that nobody caught, before it ends the server. Returns true if the server
   * handles it, as a listener of 'uncaughtException' does in Node. Default: handles none.
   */
  handlesUncaught?(error: unknown, origin: UncaughtOrigin): boolean
}

/** The event by which Node tells of an error that nobody caught. */
export type UncaughtOrigin = 'uncaughtException' | 'unhandledRejection'

/** A server whose dump is there at once, as that of our stub is. */
export interface PromptServer extends Server {
  dump(): ServerDump
}

/** The content of a server. */
export interface ServerDump {
  /**
   * The generation of the data. Changes when the data is restored from a backup; cursors of other
   * epochs are then invalid.
   */
  readonly epoch: string
  /** The position of the newest commit; 0 before the first. */
  readonly position: number
  readonly rows: readonly {
    readonly collection: string
    readonly record: string
    /** The number of commits to the record: 1 after the first. */
    readonly version: number
    /** True for a tombstone. A server without tombstones leaves the row out. */
    readonly deleted: boolean
    readonly author?: string
    /** The current content; absent when deleted. */
    readonly content?: Content
  }[]
  /** The writes that lost a conflict, and the rule that decided, in words. */
  readonly conflicts?: readonly {
    readonly collection: string
    readonly record: string
    readonly key?: string
    readonly content?: Content
    readonly rule: string
  }[]
}

/** The header with a request's id, by which the history joins the server's events. */
export const REQUEST_HEADER = 'tunnelproof-request'
/** The headers with which a client states its device and its user. */
export const DEVICE_HEADER = 'tunnelproof-device'
export const USER_HEADER = 'tunnelproof-user'
