import { z } from 'zod'
import type { Content } from '../../harness/core/action.ts'

/** Ids travel as texts that survive any transport: well-formed, short. */
export const idSchema = z
  .string()
  .min(1)
  .max(128)
  .refine((id) => id.isWellFormed(), 'must be well-formed Unicode')

/**
 * A record's fields. It came out of JSON.parse, so that its members are JSON needs no second look; what a server will not store
 * (nested too deep, say) it rejects item by item, so that one bad content does not sink a whole push.
 */
const contentSchema = z.custom<Content>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'a JSON object is expected',
)

const common = {
  /** Idempotency key: minted once with the local row, the same in every attempt. */
  key: idSchema,
  collection: idSchema,
  record: idSchema,
  /** The record's revision on the writing device, echoed in the result. */
  rev: z.number().int().positive(),
  /** The version this write was made on; 0 for none. */
  base: z.number().int().nonnegative(),
  /** Hybrid logical clock stamp (hlc.ts). */
  stamp: z.string().max(200),
}

export const pushItemSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('create'), ...common, content: contentSchema }),
  z.object({ type: z.literal('update'), ...common, content: contentSchema }),
  z.object({ type: z.literal('delete'), ...common }),
])
export type PushItem = z.infer<typeof pushItemSchema>

/** A record as the server holds it: what conflicts answer with and changes carry. */
export const recordStateSchema = z.object({
  collection: idSchema,
  record: idSchema,
  /** From 1, raised by each effective write. */
  version: z.number().int().positive(),
  deleted: z.boolean(),
  /** Absent when deleted. */
  content: contentSchema.optional(),
  /** The idempotency key of the write that made this version: how a client knows its own write in a pull. */
  key: idSchema.optional(),
  stamp: z.string(),
  author: z.string(),
  /** The commit sequence number of this version. */
  seq: z.number().int().positive(),
})
export type RecordState = z.infer<typeof recordStateSchema>
