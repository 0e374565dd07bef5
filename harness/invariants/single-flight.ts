import type { Event } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import type { RequestTrip } from '../core/request-trip.ts'
import { spanText } from '../core/time.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { when } from './reading/wording.ts'

/**
 * Permits any request that completes within the recovery time that the client declares, and any
 * with such a deadline: while it is under way, nothing else is tried. A longer deadline counts as
 * none. Judges by the events alone: a request that was sent shortly before the end is open.
 */
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

/** Finds the first request that was sent while an earlier one with the write was under way. */
function overlap(history: History, operation: Operation): Finding | undefined {
  const earlier: { readonly trip: RequestTrip; readonly end: Event | undefined }[] = []
  for (const second of operation.requests) {
    const first = earlier.find(
      ({ trip, end }) => trip.device === second.device && !(end && end.seq <= second.request.seq),
    )
    if (first)
      return {
        message: `${describeOperation(operation)} was sent again ${when(second.request)} while the request sent ${when(first.trip.request)} was still under way`,
        opIds: [operation.opId],
        evidence: evidence(first.trip.request, second.request, first.end),
      }
    earlier.push({ trip: second, end: endOf(history, second) })
  }
  return undefined
}

function hang(history: History, trip: RequestTrip): Finding | undefined {
  const { request, device } = trip
  const { recovery } = history.head.client.capabilities
  const { deadline } = request
  if (deadline !== undefined && deadline <= recovery) return undefined
  const end = endOf(history, trip)
  const last = end ?? history.events.at(-1)
  const spanMs = (last?.t ?? request.t) - request.t
  if (spanMs <= recovery) return undefined
  const given =
    deadline === undefined ? 'without a deadline' : `with a deadline of ${spanText(deadline)}`
  const hung = end ? 'hung for' : 'was still under way after'
  return {
    message: `a request that ${device}'s app sent ${given} ${when(request)} ${hung} ${spanText(spanMs)}; the app promises to recover within ${spanText(recovery)}`,
    opIds: [...new Set(request.opIds)],
    evidence: evidence(request, last),
  }
}
