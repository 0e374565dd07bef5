/**
 * `GET /changes?epoch=E&after=SEQ&limit=N` returns the current version of every record whose last
 * commit is after SEQ, in the order of the commit sequence, tombstones included.
 *
 * `after=0` begins a resync and needs no epoch: live records only, in the same order. A record that
 * is missing when `more` is false does not exist. The later pages of a resync are requested with
 * `full=1`: they are valid below the purge horizon, since the client has discarded its old state.
 * They include tombstones of records that were deleted after an earlier page had shown them.
 *
 * Responds 410 with {@link resyncResponseSchema} if the epoch is not the server's, or if the cursor
 * is below the purge horizon or beyond the newest commit: the client then restarts from 0. In a new
 * epoch, or with a `newest` below its cursor, the server has lost commits that clients had seen.
 *
 * @module
 */
import { z } from 'zod'
import { recordStateSchema } from './item.ts'

export const changesResponseSchema = z.object({
  epoch: z.string(),
  changes: z.array(recordStateSchema),
  /** The cursor to save with this page. */
  next: z.number().int().nonnegative(),
  more: z.boolean(),
})
export type ChangesResponse = z.infer<typeof changesResponseSchema>

export const resyncResponseSchema = z.object({
  error: z.literal('resync'),
  epoch: z.string(),
  /** The position of the newest commit. */
  newest: z.number().int().nonnegative().optional(),
})

/**
 * The body of any other error response: 400, 401, 404, 409, 413, 429, 5xx. The `epoch` proves that
 * the server itself responds: a gateway on the path, which may respond 403 or 404 in JSON too, does
 * not know it. Without the epoch of its last pull a client must not treat a refusal as final.
 */
export const errorResponseSchema = z.object({ error: z.string(), epoch: z.string().optional() })
