import { type Abort, type Http, HttpError } from '../../harness/core/ports/http.ts'
import { sessionResponseSchema } from '../../server-stub/protocol/session.ts'
import { exchange } from './exchange.ts'
import { failureOf, parseBody } from './response.ts'
import { type AttemptOutcome, RetryScheduler, type RetrySetup } from './retry-scheduler.ts'

interface SessionSetup {
  readonly retries: RetrySetup
  readonly http: Http
  /** The headers that name the device and its user. */
  readonly identity: Readonly<Record<string, string>>
  /** Called when requests are refused, and when they may be sent again. */
  readonly onChange: (isSignedIn: boolean) => void
}

/** The headers of a request of the session. */
type SessionHeaders = Readonly<Record<string, string>> & { readonly authorization?: string }

/**
 * The session with the server. A 401 refuses all requests until the session is renewed, once for
 * all that were under way. It begins without a token, also after a kill.
 *
 * ```
 *              refused: 401                   renewed, or no such path
 *  signed in ───────────────▶ signed out ─────────────────────────────▶ signed in
 *                              │      ▲
 *                              └──────┘ any other response, or none: backoff
 * ```
 */
export class Session {
  readonly #setup: SessionSetup
  readonly #renewal: RetryScheduler
  #token: string | undefined
  #isSignedIn = true

  constructor(setup: SessionSetup) {
    this.#setup = setup
    this.#renewal = new RetryScheduler({
      ...setup.retries,
      attempt: (abort) => this.#renew(abort),
    })
  }

  get headers(): SessionHeaders {
    const token = this.#token
    return {
      ...this.#setup.identity,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    }
  }

  /** Reports a 401. The answer to a request of an earlier session is out of date. */
  refused(authorization: string | undefined): void {
    if (!this.#isSignedIn || authorization !== this.headers.authorization) return
    this.#isSignedIn = false
    this.#setup.onChange(false)
    this.#renewal.request()
  }

  /** Ends the backoff of a renewal, because the user asked for it. */
  requestNow(): void {
    if (!this.#isSignedIn) this.#renewal.requestNow()
  }

  networkChanged(): void {
    this.#renewal.networkChanged()
  }

  stop(): void {
    this.#renewal.stop()
  }

  async #renew(abort: Abort): Promise<AttemptOutcome> {
    const { http, identity, retries } = this.#setup
    const response = await exchange(
      http,
      { method: 'POST', path: '/session', headers: identity },
      abort,
    )
    if (response instanceof HttpError) return { type: 'failed' }
    const { status } = response
    const session = status === 200 ? parseBody(sessionResponseSchema, response) : undefined
    // A server without sessions cannot have refused one: the 401 came from somebody on the path.
    const hasNoSessions = status === 404 || status === 405
    if (!session && !hasNoSessions) return failureOf(response, retries.clock.wall())
    this.#token = session?.token
    this.#isSignedIn = true
    this.#setup.onChange(true)
    return { type: 'done' }
  }
}
