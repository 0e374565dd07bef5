import { z } from 'zod'
import { recordStateSchema } from './item.ts'

/**
 * GET /changes?epoch=E&after=SEQ&limit=N: the newest version of every record whose last commit is after SEQ, by commit
 * sequence, tombstones included. `after=0` (then no epoch is needed) begins a resync: live records only, in the same order; what is missing once `more` is false
 * is gone.
 * A resync's later pages carry `full=1` besides: a purge horizon beyond them does not stop them, since the client has forgotten what it had.
 * They do show tombstones, for what was deleted after an earlier page had shown it.
 * 410 {@link resyncSchema} when the epoch is another or the cursor lies below the purge horizon: begin again from 0.
 */
export const changesResponseSchema = z.object({
  epoch: z.string(),
  changes: z.array(recordStateSchema),
  /** The cursor to save with this page. */
  next: z.number().int().nonnegative(),
  more: z.boolean(),
})
export type ChangesResponse = z.infer<typeof changesResponseSchema>

export const resyncSchema = z.object({ error: z.literal('resync'), epoch: z.string() })

/** Any other refusal: 400, 401, 404, 409, 413, 429, 5xx. */
export const refusalSchema = z.object({ error: z.string() })
