import type { Clock } from '../../harness/core/ports/clock.ts'
import {
  type Abort,
  type Http,
  HttpError,
  type HttpRequest,
  type HttpResponse,
} from '../../harness/core/ports/http.ts'
import type { ClientDatabase } from './client-database.ts'
import type { IdSource } from './id-source.ts'
import { SETTINGS } from './settings.ts'

/** The dependencies of push and pull. */
export interface SyncSetup {
  readonly database: ClientDatabase
  readonly ids: IdSource
  readonly clock: Clock
  readonly http: Http
  /** The headers that name the device and its user. */
  readonly headers: Readonly<Record<string, string>>
}

/** Sends a request with a deadline. Returns the error if no response arrived. */
export async function send(
  { http }: SyncSetup,
  request: HttpRequest,
  abort: Abort,
): Promise<HttpResponse | HttpError> {
  try {
    return await http.request({ ...request, deadline: SETTINGS.requestTimeoutMs }, abort)
  } catch (error) {
    if (error instanceof HttpError) return error
    throw error
  }
}
