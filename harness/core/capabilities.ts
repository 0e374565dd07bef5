import { z } from 'zod'

/**
 * What a client can do and show, declared by its author. An invariant that needs more than a client
 * declares is idle for that client. A client that declares something and does not show it in a run
 * gets the verdict `unknown` there, not `pass`. No field has a default: every client states all.
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
  /** The collections that it keeps, at least one: 'messages', 'notes'. */
  readonly collections: readonly string[]
  /** It performs `update` actions. (Every client performs `create` and `refresh`.) */
  readonly update: boolean
  /** It performs `delete` actions. */
  readonly delete: boolean
  /** It performs `cancel` actions: it takes back writes that are still pending. */
  readonly cancel: boolean
  /** The rows of its views have a `status`, and a failed row keeps its content. */
  readonly statuses: boolean
  /** Its views have an `outbox`, and it records `localCommit` and `ackApplied`. */
  readonly outbox: boolean
  /** It records `cursorSaved`. */
  readonly cursor: boolean
  /** Its rows have the server's `version`, and its writes the `base` they were made on. */
  readonly versions: boolean
  /** Its views have `allSynced`. */
  readonly allSynced: boolean
  /** Its views have `conflicts`: edits that lost stay visible there. */
  readonly conflicts: boolean
  /** It promises that messages of one conversation arrive in the order they were sent. */
  readonly ordered: boolean
  /**
   * A positive number of scenario milliseconds: once every fault has ended, the client promises to
   * have retried each pending write, and to have pulled, within this time. Usually the larger of
   * its longest backoff and its polling period. Settling lasts at least twice as long.
   */
  readonly recovery: number
}

/**
 * A schema for each field of an interface: a missing, extra or wrongly typed one does not compile.
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
} satisfies FieldSchemas<Capabilities>)
