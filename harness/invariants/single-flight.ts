import type { Event } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import type { RequestTrip } from '../core/request-trip.ts'
import { spanText } from '../core/time.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { when } from './reading/wording.ts'

/**
 * A request without a deadline counts as hung after this time: WorkManager stops a worker after 10
 * minutes.
 */
const HANG_AFTER_MS = 600_000

/** Permits a request without a deadline, unless it hung. */
export default {
  id: 'SINGLE-FLIGHT',
  promise: 'A write is under way in one request at a time, and no request hangs for ever.',
  needs: () => undefined,
  check(history) {
    const sent = history.operations.filter(({ requests }) => requests.length > 0)
    const requests = new Set(sent.flatMap((operation) => operation.requests))
    const overlaps = sent.flatMap((operation) => overlap(history, operation) ?? [])
    const hangs = [...requests].flatMap((trip) => hang(history, trip) ?? [])
    return judgement(sent.length, [...overlaps, ...hangs])
  },
} satisfies Invariant

/** The event that ended a request for its sender: the response, or the sender's crash. */
function endOf(history: History, { device, request, response }: RequestTrip): Event | undefined {
  const death = history.of('crash', device).find((crash) => crash.seq > request.seq)
  return response && (!death || response.seq < death.seq) ? response : death
}

function overlap(history: History, operation: Operation): Finding | undefined {
  for (const [i, second] of operation.requests.entries()) {
    const first = operation.requests[i - 1]
    if (!first || first.device !== second.device) continue
    const end = endOf(history, first)
    if (end && end.seq <= second.request.seq) continue
    return {
      message: `${describeOperation(operation)} was sent again ${when(second.request)} while the request sent ${when(first.request)} was still under way`,
      opIds: [operation.opId],
      evidence: evidence(first.request, second.request, end),
    }
  }
  return undefined
}

function hang(history: History, trip: RequestTrip): Finding | undefined {
  const { request, device } = trip
  if (request.deadline !== undefined) return undefined
  const end = endOf(history, trip)
  const [settle, read] = [history.phase('settle'), history.phase('read')]
  const isOpen = !end || (read && end.seq > read.seq)
  const last = isOpen ? read : end
  const spanMs = (last?.t ?? request.t) - request.t
  const outlastedSettling = isOpen && read && settle && request.seq < settle.seq
  if (spanMs <= HANG_AFTER_MS && !outlastedSettling) return undefined
  const hung = isOpen ? 'was still under way after' : 'hung for'
  return {
    message: `a request that ${device}'s app sent without a deadline ${when(request)} ${hung} ${spanText(spanMs)}`,
    opIds: [...new Set(request.opIds)],
    evidence: evidence(request, last),
  }
}
