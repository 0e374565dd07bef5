import type { z } from 'zod'
import type { Identity } from '../../harness/core/client.ts'
import type { Abort, Http } from '../../harness/core/ports/http.ts'
import { DEVICE_HEADER, USER_HEADER } from '../../harness/core/server.ts'
import { messagesSchema, sentSchema } from '../../server-stub/protocol/messages.ts'

export type Sent = z.infer<typeof sentSchema>
export type ReceivedMessage = z.infer<typeof messagesSchema>['messages'][number]

/**
 * The chat's REST interface, as a Retrofit service would have it. Every call rejects when no answer came, when the answer is no success, and when its
 * body is not what was expected (a strict converter: a captive portal's page is no message list).
 */
export class ChatApi {
  readonly #http: Http
  readonly #identity: Identity
  readonly #deadline: number | undefined

  /** @param deadline milliseconds for a call; without one it may hang for as long as the connection does */
  constructor(http: Http, identity: Identity, deadline?: number) {
    this.#http = http
    this.#identity = identity
    this.#deadline = deadline
  }

  send(
    message: { readonly id?: string; readonly conversation: string; readonly text: string },
    abort?: Abort,
  ): Promise<Sent> {
    return this.#call('POST', '/messages', sentSchema, JSON.stringify(message), abort)
  }

  async list(since: number, abort?: Abort): Promise<ReceivedMessage[]> {
    return (await this.#call('GET', `/messages?since=${since}`, messagesSchema, undefined, abort))
      .messages
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
        ...(this.#deadline !== undefined && { deadline: this.#deadline }),
      },
      abort,
    )
    if (response.status < 200 || response.status > 299)
      throw new Error(`${method} ${path} expected a 2xx, got ${response.status}`)
    return schema.parse(JSON.parse(response.body))
  }
}
