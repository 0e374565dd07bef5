import type { Clock } from '../../harness/core/ports/clock.ts'
import {
  type Abort,
  type Http,
  HttpError,
  type HttpRequest,
  type HttpResponse,
} from '../../harness/core/ports/http.ts'
import type { ClientDatabase } from './client-database.ts'
import { exchange } from './exchange.ts'
import type { IdSource } from './id-source.ts'
import type { Session } from './session.ts'

/** The dependencies of push and pull. */
export interface SyncSetup {
  readonly database: ClientDatabase
  readonly ids: IdSource
  readonly clock: Clock
  readonly http: Http
  readonly session: Session
}

/**
 * Sends a request of the session. Returns the error if no response arrived. After a 401 the session
 * is renewed.
 */
export async function send(
  { http, session }: SyncSetup,
  request: HttpRequest,
  abort: Abort,
): Promise<HttpResponse | HttpError> {
  const { headers } = session
  const response = await exchange(
    http,
    { ...request, headers: { ...headers, ...request.headers } },
    abort,
  )
  if (!(response instanceof HttpError) && response.status === 401)
    session.refused(headers.authorization)
  return response
}
