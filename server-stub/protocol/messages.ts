/**
 * The plain REST interface, for clients without batches, versions and cursors:
 *
 * | request | response |
 * |---|---|
 * | `POST /messages` with {@link sendRequestSchema} | 201 {@link sendResponseSchema} |
 * | `PUT /messages/ID` with {@link editRequestSchema} | 200 {@link sendResponseSchema} |
 * | `DELETE /messages/ID` | 200 {@link sendResponseSchema} |
 * | `GET /messages?since=TIMESTAMP` | 200 {@link messagesResponseSchema} |
 *
 * The header {@link KEY_HEADER} makes a write idempotent: its key is made once, and is the same in
 * each attempt. A repeated key returns the first result. Without the header, the id of a `POST` is
 * its key. The last write to arrive wins. A refused write gets 404 (no such message), 410 (it is
 * deleted) or 409, with `errorResponseSchema` of changes.ts.
 *
 * @module
 */
import { z } from 'zod'
import { idSchema } from './item.ts'

/** The Idempotency-Key header of an IETF draft. */
export const KEY_HEADER = 'idempotency-key'

/** A server that deduplicates keeps the `id`; any other makes one. */
export const sendRequestSchema = z.object({
  id: idSchema.optional(),
  conversation: z.string(),
  text: z.string(),
})
export const editRequestSchema = sendRequestSchema.omit({ id: true })
export const sendResponseSchema = z.object({ id: z.string(), timestamp: z.number() })

/**
 * The live messages that were created after `since`, oldest first, each with its newest text. Edits
 * and deletions of older messages show only in the whole list, without `since`.
 */
export const messagesResponseSchema = z.object({
  /** By the epoch, a client recognises the server's own refusals: see `errorResponseSchema`. */
  epoch: z.string().optional(),
  messages: z.array(
    z.object({
      id: z.string(),
      conversation: z.string(),
      text: z.string(),
      author: z.string(),
      timestamp: z.number(),
    }),
  ),
})
