/**
 * Schemas of what a client or a server under test hands over, besides events. They accept fields
 * that nobody knows, and leave them out.
 *
 * @module
 */
import { z } from 'zod'
import type { Content } from './action.ts'
import type { Settled, View } from './client.ts'
import { jsonFlaw } from './json-flaw.ts'
import type { HttpResponse } from './ports/http.ts'
import type { HeldItem, ServerDump } from './server.ts'

const count = z.number().int().nonnegative()
const text = z.string()

/** Keeps the object itself: a hash of its content is cached by it. */
const content = z.custom<Content>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    jsonFlaw(value) === undefined,
  'an object of JSON',
)
const recordRef = { collection: text, record: text }

/** The View of client.ts. */
export const viewSchema = z.object({
  rows: z.array(
    z.object({
      collection: text,
      id: text,
      record: text.optional(),
      content,
      status: z.enum(['pending', 'sent', 'failed']).optional(),
      version: count.optional(),
    }),
  ),
  conflicts: z.array(z.object({ ...recordRef, content })).optional(),
  pending: count.optional(),
  failed: count.optional(),
  allSynced: z.boolean().optional(),
  outbox: z
    .array(
      z.object({
        key: text,
        type: z.enum(['create', 'update', 'delete']),
        ...recordRef,
        rev: count,
        content: content.optional(),
        state: z.enum(['pending', 'failed']),
      }),
    )
    .optional(),
}) as unknown as z.ZodType<View>

/** The two forms of Saved in client.ts. */
export const acceptedSchema = z.object({ durable: z.boolean() })
export const refusedSchema = z.object({ refused: text })

/** The Settled of client.ts. */
export const settledSchema = z.object({
  outcome: z.enum(['acked', 'rejected', 'conflict']),
  reason: text.optional(),
}) as unknown as z.ZodType<Settled>

/** The ServerDump of server.ts. */
export const dumpSchema = z.object({
  epoch: text,
  position: count,
  rows: z.array(
    z.object({
      ...recordRef,
      version: count,
      deleted: z.boolean(),
      author: text.optional(),
      content: content.optional(),
    }),
  ),
  conflicts: z
    .array(
      z.object({ ...recordRef, key: text.optional(), content: content.optional(), rule: text }),
    )
    .optional(),
}) as unknown as z.ZodType<ServerDump>

/** Faster than a schema of a record: every response is checked. */
const headers = z.custom<Readonly<Record<string, string>>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((header) => typeof header === 'string'),
  'an object of texts',
)

/** The HttpResponse of ports/http.ts. */
export const responseSchema = z.object({
  status: z.number().int().min(100).max(599),
  headers,
  body: text,
}) as unknown as z.ZodType<HttpResponse>

/** The rows that a server holds, as HeldItem in server.ts. */
export const heldItemsSchema: z.ZodType<readonly HeldItem[]> = z.array(
  z.object({ collection: text, id: text, content }),
)
