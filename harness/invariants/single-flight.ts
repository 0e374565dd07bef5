import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describe, type Operation } from '../core/operation.ts'
import type { RequestTrip } from '../core/request-trip.ts'
import { spanText } from '../core/time.ts'
import { evidence, when } from './reading/words.ts'

/** Beyond this a request without a deadline hangs: WorkManager would have stopped its worker by now. */
const LONGEST = 600_000

/** A death ends a request for its sender. A missing deadline is no breach by itself; one that let a write hang is. */
export default {
  id: 'SINGLE-FLIGHT',
  promise: 'A write is under way in one request at a time, and no request hangs for ever.',
  needs: () => undefined,
  check(history) {
    const sent = history.operations.filter(({ requests }) => requests.length > 0)
    const writes = new Set(sent.flatMap(({ requests }) => requests))
    return {
      judged: sent.length,
      findings: [
        ...sent.flatMap((operation) => overlap(history, operation) ?? []),
        ...[...writes].flatMap((trip) => hanging(history, trip) ?? []),
      ],
    }
  },
} satisfies Invariant

/** The event that ended a request for its sender, as far as it ended. */
function endOf(history: History, { device, request, response }: RequestTrip) {
  const death = history.of('crash', device).find((crash) => crash.seq > request.seq)
  return response && (!death || response.seq < death.seq) ? response : death
}

function overlap(history: History, operation: Operation): Finding | undefined {
  let open: RequestTrip | undefined
  for (const trip of operation.requests) {
    const end = open && endOf(history, open)
    if (open && open.device === trip.device && (!end || end.seq > trip.request.seq)) {
      return {
        message: `${describe(operation)} was sent again ${when(trip.request)} while the request sent ${when(open.request)} was still under way`,
        ops: [operation.op],
        evidence: evidence(open.request, trip.request, end),
      }
    }
    open = trip
  }
  return undefined
}

function hanging(history: History, trip: RequestTrip): Finding | undefined {
  const { request, device } = trip
  if (request.deadline !== undefined) return undefined
  const end = endOf(history, trip)
  const read = history.phase('read')
  const settle = history.phase('settle')
  const through = !end || (read && end.seq > read.seq)
  const last = through ? read : end
  const span = (last?.t ?? request.t) - request.t
  const sleptThroughHealth = through && read && settle && request.seq < settle.seq
  if (span <= LONGEST && !sleptThroughHealth) return undefined
  return {
    message: `a request that ${device}'s app sent without a deadline ${when(request)} ${through ? 'was still under way after' : 'hung for'} ${spanText(span)}`,
    ops: [...new Set(request.ops)],
    evidence: evidence(request, last),
  }
}
