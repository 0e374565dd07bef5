import { z } from 'zod'
import { idSchema } from './item.ts'

/** The plain REST interface that the interview clients use: no versions, no keys but the message's own id. */

/** POST /messages → 201 {@link sentSchema}. A server that dedups takes `id` for the idempotency key. */
export const sendSchema = z.object({
  id: idSchema.optional(),
  conversation: z.string(),
  text: z.string(),
})
export const sentSchema = z.object({ id: z.string(), timestamp: z.number() })

/** GET /messages?since=TIMESTAMP → 200: the messages whose server timestamp is larger, oldest first. */
export const messagesSchema = z.object({
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
