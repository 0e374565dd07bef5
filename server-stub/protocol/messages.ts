/**
 * The plain REST interface that the interview clients use: no versions, and no idempotency key
 * except the message's own id.
 *
 * @module
 */
import { z } from 'zod'
import { idSchema } from './item.ts'

/**
 * The body of `POST /messages` → 201 {@link sendResponseSchema}. A server that deduplicates uses
 * `id` as the idempotency key.
 */
export const sendRequestSchema = z.object({
  id: idSchema.optional(),
  conversation: z.string(),
  text: z.string(),
})
export const sendResponseSchema = z.object({ id: z.string(), timestamp: z.number() })

/**
 * The body of `GET /messages?since=TIMESTAMP` → 200: the messages with a larger server timestamp,
 * oldest first.
 */
export const messagesResponseSchema = z.object({
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
