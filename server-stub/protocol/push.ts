import { z } from 'zod'
import { idSchema, pushItemSchema, recordStateSchema } from './item.ts'

/**
 * POST /push. Items are carried out in order, each in a transaction of its own with the memory of its key; one bad item does not stop the others.
 * The device and user travel in the headers DEVICE_HEADER and USER_HEADER of core/server.ts.
 */
export const pushRequestSchema = z.object({ items: z.array(pushItemSchema).min(1).max(100) })

/**
 * applied: took effect now · duplicate: had taken effect before, the first result again · conflict: lost to another write under the policy ·
 * rejected: will never be taken. `current` is the record as it stands after that.
 */
const pushResultSchema = z.object({
  key: idSchema,
  rev: z.number().int().positive(),
  outcome: z.enum(['applied', 'duplicate', 'conflict', 'rejected']),
  /** Why, for conflict (the rule) and rejected. */
  reason: z.string().optional(),
  current: recordStateSchema.optional(),
})
export type PushResult = z.infer<typeof pushResultSchema>

/** 200. Results in the order of the items. */
export const pushResponseSchema = z.object({
  epoch: z.string(),
  results: z.array(pushResultSchema),
})
export type PushResponse = z.infer<typeof pushResponseSchema>
