/**
 * `POST /push` writes its items in order. Each item has its own transaction, which also stores the
 * result for its key. An invalid item does not stop the others. The headers DEVICE_HEADER and
 * USER_HEADER of core/server.ts name the device and the user.
 *
 * The versions that the items are based on belong to an epoch. If the request names one and it is
 * not the server's, nothing is written and the response is 410, as for a cursor (changes.ts).
 *
 * @module
 */
import { z } from 'zod'
import { idSchema, pushItemSchema, recordStateSchema } from './item.ts'

export const pushRequestSchema = z.object({
  /** The epoch of the writer's last pull. */
  epoch: z.string().optional(),
  items: z.array(pushItemSchema).min(1).max(100),
})

/**
 * The result of one item.
 *
 * - `applied`: the write took effect now.
 * - `duplicate`: it took effect before; this repeats the first result.
 * - `conflict`: it lost to another write under the policy.
 * - `rejected`: it is invalid and will never be accepted.
 *
 * `current` is the record after the write.
 */
const pushResultSchema = z.object({
  key: idSchema,
  rev: z.number().int().positive(),
  outcome: z.enum(['applied', 'duplicate', 'conflict', 'rejected']),
  /** The rule that decided a conflict, or the reason of a rejection. */
  reason: z.string().optional(),
  current: recordStateSchema.optional(),
})
export type PushResult = z.infer<typeof pushResultSchema>

/** The body of a 200 response: results in the order of the items. */
export const pushResponseSchema = z.object({
  epoch: z.string(),
  results: z.array(pushResultSchema),
})
export type PushResponse = z.infer<typeof pushResponseSchema>
