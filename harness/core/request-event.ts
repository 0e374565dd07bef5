import { z } from 'zod'
import { marksInText } from './mark.ts'
import { messageDetailsShape, observeDetails } from './message-details.ts'
import { redactFields } from './redact.ts'
import { utf8Length } from './utf8.ts'

const count = z.number().int().nonnegative()

/** A device sent a request. */
export const requestEventSchema = z.object({
  type: z.literal('request'),
  /** The request's id. The header `tunnelproof-request` carries it, for the server's events. */
  requestId: z.string(),
  method: z.string(),
  /** Path and query; values of credentials are redacted. */
  path: z.string(),
  /** The length of the body. */
  bytes: count,
  ...messageDetailsShape,
  /** The operations whose markers are in the body or in the path. */
  opIds: z.array(z.string()),
  about: z.array(z.object({ key: z.string(), attempt: count })).optional(),
  deadline: z.number().optional(),
  /**
   * The request that opened the WebSocket connection, if this is a message on it and no request:
   * then `method` is MESSAGE, and the `response` has the outcome `sent`.
   */
  messageOf: z.string().optional(),
})
export type RequestEvent = z.infer<typeof requestEventSchema>

/** A request with any method, as a port or a relay has it. */
export interface ObservedRequest {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
  readonly about?: readonly { readonly key: string; readonly attempt: number }[] | undefined
  readonly deadline?: number | undefined
}

/** Returns the operations whose writes a request carries, by their markers. */
export function marksInRequest({ path, body = '' }: Pick<ObservedRequest, 'path' | 'body'>) {
  const inPath = marksInText(path)
  const inBody = marksInText(body)
  return inPath.length === 0 ? inBody : [...new Set([...inBody, ...inPath])]
}

/** Returns a request as a history keeps it, with the id `requestId`. */
export function observeRequest(requestId: string, request: ObservedRequest): RequestEvent {
  const { method, path, body = '', about, deadline } = request
  return {
    type: 'request',
    requestId,
    method,
    path: path.includes('?') ? redactFields(path) : path,
    bytes: utf8Length(body),
    ...observeDetails(request),
    opIds: marksInRequest(request),
    ...(about && { about: about.map(({ key, attempt }) => ({ key, attempt })) }),
    ...(deadline !== undefined && { deadline }),
  }
}

/**
 * Returns the nth data message on the WebSocket connection that a request has opened. Both sides of
 * a link count alike, so they name it alike.
 */
export function observeMessage(
  { requestId: messageOf, path }: RequestEvent,
  number: number,
  message: { readonly text: string; readonly bytes: number },
): RequestEvent {
  const { text, bytes } = message
  const observed = observeRequest(messageId(messageOf, number), {
    ...{ method: 'MESSAGE', path, body: text },
  })
  return { ...observed, bytes, messageOf }
}

/** Returns the id of the nth data message on the connection that a request has opened. */
export const messageId = (upgradeId: string, number: number): string => `${upgradeId}/${number}`
