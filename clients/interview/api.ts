import type { z } from 'zod'
import type { Identity } from '../../harness/core/client.ts'
import type { Clock } from '../../harness/core/ports/clock.ts'
import type { Abort, Http, HttpResponse } from '../../harness/core/ports/http.ts'
import { DEVICE_HEADER, USER_HEADER } from '../../harness/core/server.ts'
import { messagesResponseSchema, sendResponseSchema } from '../../server-stub/protocol/messages.ts'

type SendResponse = z.infer<typeof sendResponseSchema>
export type ReceivedMessage = z.infer<typeof messagesResponseSchema>['messages'][number]

/** A faulty proxy must not silence a phone for a year. */
const RETRY_AFTER_MAX_MS = 3_600_000

/**
 * The chat's REST API, like a Retrofit service. A call rejects if there is no response, if its
 * status is not 2xx, and if its body does not match the schema (a strict converter: the page of a
 * captive portal is not a message list). Until the end of a Retry-After each call rejects at once.
 */
export class ChatApi {
  readonly #http: Http
  readonly #clock: Clock
  readonly #identity: Identity
  readonly #timeoutMs: number | undefined
  #notBefore = 0

  /** @param timeoutMs limit of one call; without it a call can hang as long as its connection */
  constructor(
    { http, clock }: { readonly http: Http; readonly clock: Clock },
    identity: Identity,
    timeoutMs?: number,
  ) {
    this.#http = http
    this.#clock = clock
    this.#identity = identity
    this.#timeoutMs = timeoutMs
  }

  send(
    message: { readonly id?: string; readonly conversation: string; readonly text: string },
    abort?: Abort,
  ): Promise<SendResponse> {
    return this.#call('POST', '/messages', sendResponseSchema, JSON.stringify(message), abort)
  }

  async list(since: number, abort?: Abort): Promise<ReceivedMessage[]> {
    const path = `/messages?since=${since}`
    const { messages } = await this.#call('GET', path, messagesResponseSchema, undefined, abort)
    return messages
  }

  async #call<Schema extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    schema: Schema,
    body?: string,
    abort?: Abort,
  ): Promise<z.infer<Schema>> {
    if (this.#clock.now() < this.#notBefore) throw new Error('the server asked to wait')
    const response = await this.#http.request(
      {
        method,
        path,
        headers: {
          [DEVICE_HEADER]: this.#identity.device,
          [USER_HEADER]: this.#identity.user,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body }),
        ...(this.#timeoutMs !== undefined && { deadline: this.#timeoutMs }),
      },
      abort,
    )
    this.#obeyRetryAfter(response)
    if (response.status < 200 || response.status > 299)
      throw new Error(`${method} ${path} expected a 2xx, got ${response.status}`)
    return schema.parse(JSON.parse(response.body))
  }

  #obeyRetryAfter({ status, headers }: HttpResponse): void {
    if (status !== 429 && status !== 503) return
    const waitMs = 1000 * (Number(headers['retry-after']) || 0)
    this.#notBefore = this.#clock.now() + Math.min(waitMs, RETRY_AFTER_MAX_MS)
  }
}
