import type { z } from 'zod'
import type { Identity } from '../../harness/core/client.ts'
import {
  type Http,
  HttpError,
  type HttpRequest,
  type HttpResponse,
} from '../../harness/core/ports/http.ts'
import { DEVICE_HEADER, USER_HEADER } from '../../harness/core/server.ts'
import { errorResponseSchema } from '../../server-stub/protocol/changes.ts'
import {
  KEY_HEADER,
  messagesResponseSchema,
  sendResponseSchema,
} from '../../server-stub/protocol/messages.ts'
import type { Message, Write } from './store.ts'

/** No request may hang for ever: a dead connection does not always report its death. */
export const DEADLINE_MS = 15_000
/** A faulty proxy must not silence a phone for a year. */
const RETRY_AFTER_MAX_MS = 3_600_000

/**
 * The result of one attempt to send a write.
 *
 * - done: the server has carried it out, now or in an earlier attempt.
 * - gone: the message is deleted on the server.
 * - refused: the server itself refused it for good.
 * - unknown: anything else. It may have been carried out: send it again, with the same key.
 *   `mayList`: there was a response, so the network works, and it asked for no wait.
 */
export type SendResult =
  | { readonly type: 'done'; readonly timestamp: number }
  | { readonly type: 'gone' | 'refused'; readonly reason: string }
  | { readonly type: 'unknown'; readonly mayList: boolean }

const SENDS = {
  create: { method: 'POST', success: 201 },
  update: { method: 'PUT', success: 200 },
  delete: { method: 'DELETE', success: 200 },
} as const

/** The chat's REST API. Believes no response that does not have the form of our server's. */
export class Api {
  readonly #http: Http
  readonly #headers: Readonly<Record<string, string>>
  /** The wait that the latest response asked for, in milliseconds: it limits its requests. */
  retryAfterMs = 0

  constructor(http: Http, { device, user }: Identity) {
    this.#http = http
    this.#headers = { [DEVICE_HEADER]: device, [USER_HEADER]: user }
  }

  /** Sends a write. `epoch` is that of the last list; the server's own refusals carry it. */
  async send(write: Write, epoch: string): Promise<SendResult> {
    const { type, key, id, conversation, text, attempts } = write
    const { method, success } = SENDS[type]
    const response = await this.#request({
      method,
      path: type === 'create' ? '/messages' : `/messages/${encodeURIComponent(id)}`,
      headers: { 'content-type': 'application/json', [KEY_HEADER]: key },
      ...(type !== 'delete' && { body: JSON.stringify({ id, conversation, text }) }),
      about: [{ key, attempt: attempts }],
    })
    const sent = response?.status === success && parse(sendResponseSchema, response)
    if (sent && sent.id === id) return { type: 'done', timestamp: sent.timestamp }
    const mayList = response !== undefined && this.retryAfterMs === 0
    const unknown = { type: 'unknown', mayList } as const
    const refusal = response && parse(errorResponseSchema, response)
    // A gateway on the path may respond 403 or 404 as well, but does not know the epoch.
    if (!refusal || epoch === '' || refusal.epoch !== epoch) return unknown
    const { status } = response
    if (status === 404 || status === 410) return { type: 'gone', reason: refusal.error }
    const isFinal = status === 400 || status === 409 || status === 413
    return isFinal ? { type: 'refused', reason: refusal.error } : unknown
  }

  /** Returns all messages; undefined if there is no valid response. */
  async list(): Promise<{ messages: readonly Message[]; epoch: string } | undefined> {
    const response = await this.#request({ method: 'GET', path: '/messages', headers: {} })
    const list = response?.status === 200 ? parse(messagesResponseSchema, response) : undefined
    if (list?.epoch === undefined) return undefined
    const messages = list.messages.map(({ id, conversation, text, timestamp }) => ({
      id,
      conversation,
      text,
      timestamp,
    }))
    return { messages, epoch: list.epoch }
  }

  async #request(
    request: HttpRequest & Pick<Required<HttpRequest>, 'headers'>,
  ): Promise<HttpResponse | undefined> {
    const headers = { ...this.#headers, ...request.headers }
    this.retryAfterMs = 0
    try {
      const response = await this.#http.request({ ...request, headers, deadline: DEADLINE_MS })
      const seconds = Number(response.headers['retry-after'] ?? 0)
      this.retryAfterMs = Math.min(1000 * (seconds || 0), RETRY_AFTER_MAX_MS)
      return response
    } catch (error) {
      if (error instanceof HttpError) return undefined
      throw error
    }
  }
}

/** Parses a JSON body; undefined if it does not have this schema, as a captive portal's page. */
function parse<Schema extends z.ZodType>(
  schema: Schema,
  { body }: HttpResponse,
): z.infer<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data
  } catch {
    return undefined
  }
}
