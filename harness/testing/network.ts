import { type Clock, sleep } from '../core/ports/clock.ts'
import { HttpError, type HttpRequest, type HttpResponse } from '../core/ports/http.ts'

/**
 * A scripted network between one phone and its server: a function that handles each request.
 * `forward` passes the request to the server and returns its response; call it any number of times.
 * To deliver no response, throw an {@link HttpError}.
 *
 * @example
 * // The first attempt is lost, every later one arrives.
 * let attempts = 0
 * const flaky: Network = (_request, forward) => (attempts++ === 0 ? hang() : forward())
 */
export type Network = (
  request: HttpRequest,
  forward: () => Promise<HttpResponse>,
) => HttpResponse | Promise<HttpResponse>

/** Delivers every request and every response. */
export const healthy: Network = (_request, forward) => forward()

/** Never responds: the request hangs until its deadline, if it has one. */
export const hang = (): Promise<HttpResponse> => new Promise(() => {})

/** Fails every request before it reaches the server. */
export const fail =
  (failure: HttpError['failure']): Network =>
  () => {
    throw new HttpError(failure)
  }

/** Responds to every request itself, as a captive portal or a proxy does. */
export const respond =
  (response: HttpResponse): Network =>
  () =>
    response

/** Passes the request to the server and loses the response: a lost ack. */
export const loseResponse: Network = async (_request, forward) => {
  await forward()
  throw new HttpError('cut')
}

/** Passes the request to the server and delivers the response `ms` later. */
export const delayResponse =
  (clock: Clock, ms: number): Network =>
  async (_request, forward) => {
    const response = await forward()
    await sleep(clock, ms)
    return response
  }

/** Returns a JSON response. */
export function json(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  }
}

/** An HTML page with status 200: the response of a captive portal. */
export const PORTAL_PAGE: HttpResponse = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<html>Welcome to Train Wi-Fi</html>',
}
