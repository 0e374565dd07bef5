import type { z } from 'zod'
import type { Identity } from '../../harness/core/client.ts'
import type { Abort, Http } from '../../harness/core/ports/http.ts'
import { DEVICE_HEADER, USER_HEADER } from '../../harness/core/server.ts'
import { messagesResponseSchema, sendResponseSchema } from '../../server-stub/protocol/messages.ts'

type SendResponse = z.infer<typeof sendResponseSchema>
export type ReceivedMessage = z.infer<typeof messagesResponseSchema>['messages'][number]

/**
 * The chat's REST API, like a Retrofit service. A call rejects if there is no response, if its
 * status is not 2xx, and if its body does not match the schema (a strict converter: the page of a
 * captive portal is not a message list).
 */
export class ChatApi {
  readonly #http: Http
  readonly #identity: Identity
  readonly #timeoutMs: number | undefined

  /** @param timeoutMs limit of one call; without it a call can hang as long as its connection */
  constructor(http: Http, identity: Identity, timeoutMs?: number) {
    this.#http = http
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
    if (response.status < 200 || response.status > 299)
      throw new Error(`${method} ${path} expected a 2xx, got ${response.status}`)
    return schema.parse(JSON.parse(response.body))
  }
}
