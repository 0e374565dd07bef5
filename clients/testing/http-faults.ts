import { type Clock, sleep } from '../../harness/core/ports/clock.ts'
import type { HttpResponse } from '../../harness/core/ports/http.ts'
import { replacedResponse } from '../../harness/gateway/replaced-response.ts'
import {
  delayResponse,
  fail,
  json,
  loseResponse,
  type Network,
  PORTAL_PAGE,
  respond,
} from '../../harness/testing/network.ts'

/** Responses of somebody on the path, or of a server that cannot say what became of a write. */
const REPLACED: Readonly<Record<string, HttpResponse>> = {
  'a captive portal with 200': PORTAL_PAGE,
  'a captive portal with 201': { ...PORTAL_PAGE, status: 201 },
  'an empty 200': { status: 200, headers: {}, body: '' },
  'an empty 201': { status: 201, headers: {}, body: '' },
  'a 204': { status: 204, headers: {}, body: '' },
  'a 302': { status: 302, headers: { location: 'https://portal.example/' }, body: '' },
  'JSON of another shape with 200': json(200, { ok: true }),
  'JSON of another shape with 201': json(201, { ok: true, id: 7, messages: [{}] }),
  'null with 200': json(200, null),
  'null with 201': json(201, null),
  'a list with 200': json(200, []),
  'a 401': json(401, { error: 'token expired' }),
  'a 403 of a proxy': { ...PORTAL_PAGE, status: 403 },
  'a 404 of a proxy': json(404, { error: 'no such path' }),
  'a 429': json(429, { error: 'too many requests' }),
  'a 500': json(500, { error: 'oops' }),
  'a 502': { ...PORTAL_PAGE, status: 502 },
  'a 503': { status: 503, headers: {}, body: '' },
  'a 504': { status: 504, headers: {}, body: '' },
}

/** Each replaces the response of each request, before the server sees it or after it has acted. */
export function httpFaults(clock: Clock): ReadonlyMap<string, Network> {
  const faults = new Map<string, Network>([
    ['a connection that is reset before', fail('reset')],
    ['a connection that is reset after', loseResponse],
    ['a response that is later than any deadline', delayResponse(clock, 90_000)],
    ['a request that arrives later than any deadline', arrivesLater(clock, 90_000)],
    ['half of the body', changed((own) => replacedResponse({ headers: {}, body: 'cut' }, own))],
    ["the server's own body with 500", changed((own) => ({ ...own, status: 500 }))],
    ["the server's own body with 302", changed((own) => ({ ...own, status: 302 }))],
  ])
  for (const [name, response] of Object.entries(REPLACED)) {
    faults.set(`${name}, before`, respond(response))
    faults.set(
      `${name}, after`,
      changed(() => response),
    )
  }
  return faults
}

function changed(change: (own: HttpResponse) => HttpResponse): Network {
  return async (_request, forward) => change(await forward())
}

function arrivesLater(clock: Clock, ms: number): Network {
  return async (_request, forward) => {
    await sleep(clock, ms)
    return forward()
  }
}
