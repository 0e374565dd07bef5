import {
  type Abort,
  type Http,
  HttpError,
  type HttpRequest,
  type HttpResponse,
} from '../../harness/core/ports/http.ts'
import { SETTINGS } from './settings.ts'

/** Sends a request with a deadline. Returns the error if no response arrived. */
export async function exchange(
  http: Http,
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
