import { z } from 'zod'
import { messageDetailsShape, observeDetails } from './message-details.ts'
import type { HttpResponse } from './ports/http.ts'
import { utf8Length } from './utf8.ts'

/** A request completed for its sender, with a response or without one. */
export const responseEventSchema = z.object({
  type: z.literal('response'),
  requestId: z.string(),
  /** sent: it was a WebSocket message, to which no response belongs. */
  outcome: z.enum(['response', 'sent', 'refused', 'reset', 'cut', 'timeout', 'aborted']),
  status: z.number().int().optional(),
  /** The length of the body. */
  bytes: z.number().int().nonnegative().optional(),
  /**
   * Recorded at its head: an event stream or a 101, after which the server can say anything at any
   * time. Then `bytes` and `body` are absent.
   */
  goesOn: z.literal(true).optional(),
  ...messageDetailsShape,
})
export type ResponseEvent = z.infer<typeof responseEventSchema>

/** Returns the response to a request as a history keeps it. */
export function observeResponse(requestId: string, response: HttpResponse): ResponseEvent {
  const { status, body } = response
  return {
    type: 'response',
    requestId,
    outcome: 'response',
    status,
    bytes: utf8Length(body),
    ...observeDetails(response),
  }
}
