import type { Event } from '../../../harness/core/event.ts'
import type { RequestTrip } from '../../../harness/core/request-trip.ts'

/** A mark that replaces several similar requests. */
export interface RequestFold {
  /** The `seq` of the first event that the mark replaces. */
  readonly from: number
  /** The number of requests that it replaces. */
  readonly count: number
  readonly devices: readonly string[]
}

export interface Folding {
  /** The `seq`s of the replaced events. */
  readonly hidden: ReadonlySet<number>
  readonly folds: readonly RequestFold[]
}

/** Fewer requests in a row are drawn one by one. */
const FOLD_FROM_REQUESTS = 5
const DRAWN_BEFORE_FOLD = 2
const DRAWN_AFTER_FOLD = 1

/**
 * Folds requests that show nothing new: a row of them without any other drawn event in between. The
 * first two and the last of a row stay, and so do all requests that are evidence.
 */
export function foldRequests(
  trips: readonly RequestTrip[],
  drawn: readonly Event[],
  evidence: ReadonlySet<number>,
): Folding {
  const tripBySeq = new Map<number, RequestTrip>()
  for (const trip of repetitions(trips)) {
    const seqs = seqsOf(trip)
    if (seqs.some((seq) => evidence.has(seq))) continue
    for (const seq of seqs) tripBySeq.set(seq, trip)
  }
  const hidden = new Set<number>()
  const folds: RequestFold[] = []
  for (const row of rowsOfTrips(drawn, tripBySeq)) {
    if (row.length < FOLD_FROM_REQUESTS) continue
    const folded = row.slice(DRAWN_BEFORE_FOLD, -DRAWN_AFTER_FOLD)
    const seqs = folded.flatMap(seqsOf)
    for (const seq of seqs) hidden.add(seq)
    folds.push({
      from: Math.min(...seqs),
      count: folded.length,
      devices: [...new Set(folded.map(({ device }) => device))],
    })
  }
  return { hidden, folds }
}

/**
 * Returns the requests without an operation, such as polls, and those that did not reach the server
 * and had the same outcome as the previous attempt with the same operations.
 */
function repetitions(trips: readonly RequestTrip[]): RequestTrip[] {
  const lastEnding = new Map<string, string>()
  return trips.filter(({ device, request, received, response }) => {
    const attemptKey = `${device} ${request.method} ${request.opIds.join()}`
    const ending = `${response?.outcome} ${response?.status}`
    const endsAlike = lastEnding.get(attemptKey) === ending
    lastEnding.set(attemptKey, ending)
    return request.opIds.length === 0 || (received === undefined && endsAlike)
  })
}

function seqsOf(trip: RequestTrip): number[] {
  const { request, received, responded, response, interceptions } = trip
  return [request, received, responded, response, ...interceptions].flatMap((event) =>
    event ? [event.seq] : [],
  )
}

/** Groups requests whose events are drawn in a row, without any other event between them. */
function rowsOfTrips(
  drawn: readonly Event[],
  tripBySeq: ReadonlyMap<number, RequestTrip>,
): RequestTrip[][] {
  const rows: RequestTrip[][] = []
  let eventCounts = new Map<RequestTrip, number>()
  const closeRow = () => {
    const complete = [...eventCounts].filter(([trip, count]) => count === seqsOf(trip).length)
    rows.push(complete.map(([trip]) => trip))
    eventCounts = new Map()
  }
  for (const { seq } of drawn) {
    const trip = tripBySeq.get(seq)
    if (trip) eventCounts.set(trip, (eventCounts.get(trip) ?? 0) + 1)
    else closeRow()
  }
  closeRow()
  return rows
}
