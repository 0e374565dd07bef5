import { z } from 'zod'
import { marksInText } from './mark.ts'
import type { HttpRequest } from './ports/http.ts'
import { utf8Length } from './utf8.ts'

const count = z.number().int().nonnegative()

/** A device sent a request. */
export const requestEventSchema = z.object({
  type: z.literal('request'),
  /** The request's id. The header `tunnelproof-request` carries it, for the server's events. */
  requestId: z.string(),
  method: z.string(),
  path: z.string(),
  bytes: count,
  /** Names in lower case; values of credentials are redacted. Absent if there is none. */
  headers: z.record(z.string(), z.string()).optional(),
  /** The beginning of the body; absent if it is empty. */
  body: z.string().optional(),
  /** The operations whose markers are in the body. */
  opIds: z.array(z.string()),
  about: z.array(z.object({ key: z.string(), attempt: count })).optional(),
  deadline: z.number().optional(),
})

/** Returns a request as a history keeps it, with the id `requestId`. */
export function observeRequest(
  requestId: string,
  { method, path, body = '', about, deadline }: HttpRequest,
): z.infer<typeof requestEventSchema> {
  return {
    type: 'request',
    requestId,
    method,
    path,
    bytes: utf8Length(body),
    opIds: marksInText(body),
    ...(about && { about: about.map(({ key, attempt }) => ({ key, attempt })) }),
    ...(deadline !== undefined && { deadline }),
  }
}
