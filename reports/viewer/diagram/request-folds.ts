import type { Event } from '../../../harness/core/event.ts'
import type { RequestTrip } from '../../../harness/core/request-trip.ts'

/** Stands for a run of requests that are all alike. */
export interface RequestFold {
  /** The seq of the first event left out. */
  readonly from: number
  readonly count: number
  readonly devices: readonly string[]
}

export interface Folding {
  readonly hidden: ReadonlySet<number>
  readonly folds: readonly RequestFold[]
}

/** Fewer alike are simply drawn. */
const FOLD_FROM_REQUESTS = 5

/**
 * Requests that tell nothing new: polls that carry nothing, and attempts that never reach the server and end as the one before. Of a long run of them, undisturbed by
 * anything else drawn, the first two and the last stay; evidence always stays.
 */
export function foldRequests(
  trips: readonly RequestTrip[],
  drawn: readonly Event[],
  evidence: ReadonlySet<number>,
): Folding {
  const tripOf = new Map<number, RequestTrip>()
  const size = new Map<RequestTrip, number>()
  const last = new Map<string, string>()
  for (const trip of trips) {
    const seqs = [trip.request, trip.received, trip.responded, trip.response].flatMap((event) =>
      event ? [event.seq] : [],
    )
    const what = `${trip.device} ${trip.request.method} ${trip.request.ops.join()}`
    const ending = `${trip.response?.outcome} ${trip.response?.status}`
    const alike =
      trip.request.ops.length === 0 || (trip.received === undefined && last.get(what) === ending)
    last.set(what, ending)
    if (!alike || seqs.some((seq) => evidence.has(seq))) continue
    for (const seq of seqs) tripOf.set(seq, trip)
    size.set(trip, seqs.length)
  }

  const hidden = new Set<number>()
  const quiets: RequestFold[] = []
  const close = (run: readonly Event[]) => {
    const seen = new Map<RequestTrip, number[]>()
    for (const { seq } of run) {
      const trip = tripOf.get(seq)
      if (trip) seen.set(trip, [...(seen.get(trip) ?? []), seq])
    }
    const whole = [...seen].filter(([trip, seqs]) => seqs.length === size.get(trip))
    if (whole.length < FOLD_FROM_REQUESTS) return
    const left = whole.slice(2, -1)
    for (const [, seqs] of left) for (const seq of seqs) hidden.add(seq)
    quiets.push({
      from: Math.min(...left.flatMap(([, seqs]) => seqs)),
      count: left.length,
      devices: [...new Set(left.map(([trip]) => trip.device))],
    })
  }

  let run: Event[] = []
  for (const event of drawn) {
    if (tripOf.has(event.seq)) run.push(event)
    else {
      close(run)
      run = []
    }
  }
  close(run)
  return { hidden, folds: quiets }
}
