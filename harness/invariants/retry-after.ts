import { groupBy } from '../core/group.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import type { RequestTrip } from '../core/request-trip.ts'
import { spanText } from '../core/time.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { countUpTo, sorted } from './reading/sorted-numbers.ts'
import { when } from './reading/wording.ts'

/** Retry-After has whole seconds: a client may have rounded. */
const TOLERANCE_MS = 1000
/** No client must wait longer than this: a faulty proxy must not silence a phone for a year. */
const WAIT_MAX_MS = 3_600_000

/**
 * Judges follow-up requests (RFC 9110, 10.2.3): the next request with the same method and path,
 * without the query, after a 429 or 503 with Retry-After. Nothing is demanded any more once:
 *
 * - a person has acted. A tap on "send" or "refresh" is a new request of theirs, not a retry by the
 *   app; browsers and HTTP libraries, too, apply Retry-After to automatic retries only. What the
 *   app then repeats by itself is judged by the next response.
 * - the app was restarted: no standard demands that it remember the time.
 * - the device's clock was set: the app may have noted a time of day.
 * - another such request succeeded: the server is back.
 *
 * A date instead of seconds cannot be compared with scenario time, so it is left undecided. A value
 * that is neither asks for nothing.
 */
export default {
  id: 'RETRY-AFTER',
  promise: 'If the server says when to come back, the app does not come back earlier by itself.',
  needs: () => undefined,
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    let undecided: string | undefined
    for (const device of history.devices) {
      const early: Early[] = []
      for (const { refused, wait, next } of refusals(history, device)) {
        if (wait === 'date' && next) {
          undecided ??= unreadable(refused)
          continue
        }
        judged++
        if (wait !== 'date' && next && next.request.t < endOf(refused, wait) - TOLERANCE_MS)
          early.push({ refused, wait, next })
      }
      const [first] = early.sort((a, b) => a.next.request.seq - b.next.request.seq)
      if (first) findings.push(cameBackEarly(history, first, early.length))
    }
    return judgement(judged, findings, undecided)
  },
} satisfies Invariant

interface Early {
  readonly refused: RequestTrip
  readonly wait: number
  readonly next: RequestTrip
}

/** A request whose response asked the app to wait, and the one that followed unless excused. */
interface Refusal {
  readonly refused: RequestTrip
  readonly wait: number | 'date'
  readonly next: RequestTrip | undefined
}

function* refusals(history: History, device: string): Generator<Refusal> {
  const excuses = excusesOf(history, device)
  for (const trips of alike(history, device).values()) {
    const nextOf = followUps(trips, excuses)
    for (const refused of trips) {
      const wait = waitOf(refused)
      if (wait !== undefined) yield { refused, wait, next: nextOf(refused) }
    }
  }
}

/** The device's requests by method and path, in the order of sending. */
function alike(history: History, device: string): ReadonlyMap<string, readonly RequestTrip[]> {
  const own = history.requests.filter((trip) => trip.device === device)
  return groupBy(own, ({ request }) => `${request.method} ${pathOf(request)}`)
}

const pathOf = ({ path }: { readonly path: string }) => path.split(/[?#]/, 1)[0] ?? ''

/** Returns the milliseconds that a response asks to wait; 'date' if it names a time of day. */
function waitOf({ response }: RequestTrip): number | 'date' | undefined {
  if (response?.status !== 429 && response?.status !== 503) return undefined
  const value = response.headers?.['retry-after']?.trim()
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1000, WAIT_MAX_MS)
  return /[a-z]{3}/i.test(value) && !Number.isNaN(Date.parse(value)) ? 'date' : undefined
}

/** The `seq` of the events after which nothing is demanded of a device, in order. */
function excusesOf(history: History, device: string): number[] {
  const types = ['invoke', 'start', 'clock'] as const
  return sorted(types.flatMap((type) => history.of(type, device).map(({ seq }) => seq)))
}

/** Returns a function that returns the next of these requests, unless it is excused. */
function followUps(
  trips: readonly RequestTrip[],
  excuses: readonly number[],
): (refused: RequestTrip) => RequestTrip | undefined {
  const sent = trips.map(({ request }) => request.seq)
  const successes = sorted(
    trips.flatMap(({ response }) => ((response?.status ?? 500) < 400 ? [response?.seq ?? 0] : [])),
  )
  return ({ response }) => {
    const since = response?.seq ?? Number.POSITIVE_INFINITY
    const next = trips[countUpTo(sent, since)]
    if (!next) return undefined
    const liesBetween = (seqs: readonly number[]) =>
      countUpTo(seqs, next.request.seq) > countUpTo(seqs, since)
    return liesBetween(excuses) || liesBetween(successes) ? undefined : next
  }
}

const endOf = ({ response }: RequestTrip, waitMs: number) => (response?.t ?? 0) + waitMs

function cameBackEarly(history: History, { refused, wait, next }: Early, count: number): Finding {
  const { request } = next
  const { response } = refused
  const afterMs = request.t - (response?.t ?? 0)
  const more = count > 1 ? `; it came back early ${count} times in all` : ''
  return {
    message: `${next.device}'s app sent ${request.method} ${pathOf(request)} again ${when(request)}, ${spanText(afterMs)} after the answer ${response?.status} had asked it to wait ${spanText(wait)}${more}`,
    opIds: request.opIds.filter((opId) => history.operation(opId)),
    evidence: evidence(response, request),
  }
}

const unreadable = ({ device, request, response }: RequestTrip) =>
  `the ${response?.status} to ${device}'s ${request.method} ${pathOf(request)} names a date (Retry-After: ${response?.headers?.['retry-after']}), which cannot be compared with scenario time`
