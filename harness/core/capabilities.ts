import { z } from 'zod'

/**
 * What a client says it can do and show. An invariant that needs more is not judged; one that the client claims to
 * satisfy is.
 */
export const capabilitiesSchema = z.object({
  /** The collections it keeps: 'messages', 'notes'. */
  collections: z.array(z.string()).min(1),
  /** Beyond creating. */
  update: z.boolean(),
  delete: z.boolean(),
  cancel: z.boolean(),
  /** Rows carry a status; a failed one keeps its content. */
  statuses: z.boolean(),
  /** view().outbox is filled, and localCommit and ackApplied are recorded. */
  outbox: z.boolean(),
  /** cursorSaved is recorded. */
  cursor: z.boolean(),
  /** Rows carry the server's version, and writes the base they were made on. */
  versions: z.boolean(),
  /** view().allSynced is filled. */
  allSynced: z.boolean(),
  /** Losing edits stay visible in view().conflicts. */
  conflicts: z.boolean(),
  /** Messages of one conversation are promised to arrive in the order they were sent. */
  ordered: z.boolean(),
  /**
   * Within this many scenario milliseconds of health the client promises to have tried every pending write again, and to have looked for
   * news: its longest backoff, its polling period. Settling lasts at least twice this.
   */
  recovery: z.number().positive(),
})

type Said = z.infer<typeof capabilitiesSchema>
export type Capabilities = {
  readonly [Name in keyof Said]: Said[Name] extends readonly (infer Item)[]
    ? readonly Item[]
    : Said[Name]
}
