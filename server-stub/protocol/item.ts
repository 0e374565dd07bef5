/**
 * The two shapes that push and changes share: a write in a client's outbox ({@link pushItemSchema})
 * and a record on the server ({@link recordStateSchema}).
 *
 * @module
 */
import { z } from 'zod'
import type { Content } from '../../harness/core/action.ts'

/** Accepts short, well-formed texts as ids: any transport preserves them. */
export const idSchema = z
  .string()
  .min(1)
  .max(128)
  .refine((id) => id.isWellFormed(), 'must be well-formed Unicode')

/**
 * A record's fields. They come from JSON.parse, so their values need no validation as JSON. Content
 * that the server cannot store (nested too deeply, for example) is checked later, so that it
 * rejects only its own item and not the whole push.
 */
const contentSchema = z.custom<Content>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'a JSON object is expected',
)

const common = {
  /** Idempotency key: created once with the local row, the same in every attempt. */
  key: idSchema,
  collection: idSchema,
  record: idSchema,
  /** The record's revision on the writing device, echoed in the result. */
  rev: z.number().int().positive(),
  /** The version the write was made on; 0 for none. */
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

/** A record on the server, as conflict results and changes contain it. */
export const recordStateSchema = z.object({
  collection: idSchema,
  record: idSchema,
  /**
   * Rises by 1 with each write that takes effect, and is never used twice within an epoch. The
   * first is 1, or above every purged version once tombstones have been purged.
   */
  version: z.number().int().positive(),
  deleted: z.boolean(),
  /** Absent if deleted. */
  content: contentSchema.optional(),
  /**
   * The key of the write that made this version: a client recognizes its own write in a pull by it.
   */
  key: idSchema.optional(),
  stamp: z.string(),
  author: z.string(),
  /** The position of this version in the commit sequence. */
  seq: z.number().int().positive(),
})
export type RecordState = z.infer<typeof recordStateSchema>
