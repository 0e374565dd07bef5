import { z } from 'zod'

/**
 * The declaration of what a client can do and show. An invariant that needs more than a client
 * declares is idle for that client. If a client declares something and never shows it in a run
 * where it was due, the invariants that need it are `unknown`. Every client states all but the last
 * three fields.
 *
 * @example
 * const capabilities: Capabilities = {
 *   collections: ['messages'],
 *   update: false,
 *   delete: false,
 *   cancel: true,
 *   statuses: true,
 *   outbox: false,
 *   cursor: false,
 *   versions: false,
 *   allSynced: false,
 *   conflicts: false,
 *   ordered: true,
 *   recovery: 60_000, // a backoff of at most one minute
 * }
 */
export interface Capabilities {
  /** The collections that the client keeps, at least one: 'messages', 'notes'. */
  readonly collections: readonly string[]
  /** Performs `update` actions. (Every client performs `create` and `refresh`.) */
  readonly update: boolean
  /** Performs `delete` actions. */
  readonly delete: boolean
  /** Performs `cancel` actions, on writes that are still pending. */
  readonly cancel: boolean
  /** Shows the `status` of each row in its views, and keeps the content of a failed row. */
  readonly statuses: boolean
  /** Shows the `outbox` in its views, and records `localCommit` and `ackApplied`. */
  readonly outbox: boolean
  /** Records `cursorSaved`. */
  readonly cursor: boolean
  /** Shows the server's `version` of each row, and records the `base` of each write. */
  readonly versions: boolean
  /** Shows `allSynced` in its views. */
  readonly allSynced: boolean
  /** Shows `conflicts` in its views: edits that lost stay visible there. */
  readonly conflicts: boolean
  /** Promises that messages of one conversation arrive in the order in which they were sent. */
  readonly ordered: boolean
  /**
   * Promises that, once every fault has ended, the client retries each pending write and pulls
   * within this time. A positive number of scenario milliseconds: usually the larger of its longest
   * backoff and its polling period. The client gets twice as long, or less if it has been at rest
   * for one such time. A request without an end within this time hangs (SINGLE-FLIGHT).
   */
  readonly recovery: number
  /**
   * The waits between attempts, in scenario milliseconds: about `initial` after the first failure,
   * growing to `cap`. RETRY-BOUND checks the attempts against it. Without it, only more than 120
   * requests a minute that bring nothing, for each waiting write, are a breach.
   */
  readonly backoff?: { readonly initial: number; readonly cap: number } | undefined
  /**
   * The reasons for which the client itself fails a write that it had accepted, as `settled.reason`
   * states them: 'too long'. Any other failure needs a refusal by the server. Default: none.
   */
  readonly localRules?: readonly string[] | undefined
  /**
   * True if an unhandled promise rejection does not end the app, as in a browser: it is recorded as
   * an `error`. Default: false, as in Node.
   */
  readonly browser?: boolean | undefined
}

/**
 * A schema for each field of an interface. A missing, extra or wrongly typed one does not compile.
 */
type FieldSchemas<Type> = { readonly [Name in keyof Type]-?: z.ZodType<Type[Name]> }

/** Validates {@link Capabilities} that come from a module, a file or a program. */
export const capabilitiesSchema = z.object({
  collections: z.array(z.string()).min(1),
  update: z.boolean(),
  delete: z.boolean(),
  cancel: z.boolean(),
  statuses: z.boolean(),
  outbox: z.boolean(),
  cursor: z.boolean(),
  versions: z.boolean(),
  allSynced: z.boolean(),
  conflicts: z.boolean(),
  ordered: z.boolean(),
  recovery: z.number().positive(),
  backoff: z.object({ initial: z.number().nonnegative(), cap: z.number().positive() }).optional(),
  localRules: z.array(z.string()).optional(),
  browser: z.boolean().optional(),
} satisfies FieldSchemas<Capabilities>)

/** Capabilities of a client that sends messages and shows its rows, and nothing else. */
export const MESSAGES_ONLY: Omit<Capabilities, 'recovery'> = {
  collections: ['messages'],
  update: false,
  delete: false,
  cancel: false,
  statuses: false,
  outbox: false,
  cursor: false,
  versions: false,
  allSynced: false,
  conflicts: false,
  ordered: false,
}
