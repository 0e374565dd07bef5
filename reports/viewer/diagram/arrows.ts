import type { History } from '../../../harness/core/history.ts'
import type { RequestTrip } from '../../../harness/core/request-trip.ts'
import { listText } from '../../words/text.ts'
import { type DeviceLane, type Lanes, middleOf } from './lanes.ts'
import type { Layout } from './layout.ts'

/** A message on its way, drawn from where it left to where it came; a lost one ends in its link. */
export interface Arrow {
  /** The seqs of its leaving and its coming. */
  readonly seqs: readonly number[]
  readonly way: 'request' | 'response'
  readonly lost: boolean
  readonly bad: boolean
  /** Carries nothing of a person's. */
  readonly faint: boolean
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
  readonly label: string
}

/** How far a lost message goes down before its cross. */
const FALL = 9

export function arrowsOf(history: History, lanes: Lanes, layout: Layout): Arrow[] {
  return history.whole.requests.flatMap((trip) => {
    const lane = lanes.devices.get(trip.device)
    return lane ? [...request(trip, lane, layout), ...response(trip, lane, layout)] : []
  })
}

function request(trip: RequestTrip, lane: DeviceLane, layout: Layout): Arrow[] {
  const from = layout.bySeq.get(trip.request.seq)
  if (!from) return []
  const to = trip.received && layout.bySeq.get(trip.received.seq)
  const middle = middleOf(lane.link)
  // Answered though the server never had it: something on the way did.
  const answeredBetween = !to && trip.response?.outcome === 'response'
  const ops = trip.request.ops
  const more = ops.length > 2 ? `${ops.slice(0, 2).join(', ')} +${ops.length - 2}` : listText(ops)
  const path = trip.request.path.split('?')[0] ?? ''
  return [
    {
      seqs: [trip.request.seq, ...(trip.received ? [trip.received.seq] : [])],
      way: 'request',
      lost: !to && !answeredBetween,
      bad: !to && !answeredBetween,
      faint: ops.length === 0,
      x1: lane.line,
      y1: from.y,
      x2: to ? lane.edge : middle,
      y2: to ? Math.max(to.y, from.y + 2) : from.y + FALL,
      label: ops.length > 0 ? `${path} ${more}` : `${trip.request.method} ${path}`,
    },
  ]
}

function response(trip: RequestTrip, lane: DeviceLane, layout: Layout): Arrow[] {
  const left = trip.responded && layout.bySeq.get(trip.responded.seq)
  const came =
    trip.response?.outcome === 'response' ? layout.bySeq.get(trip.response.seq) : undefined
  if (!left && !came) return []
  const status = trip.responded?.status ?? trip.response?.status
  const middle = middleOf(lane.link)
  const outcomes = [...new Set(trip.outcomes.map(({ outcome }) => outcome))].filter(
    (outcome) => outcome !== 'applied',
  )
  const [x1, y1] = left ? [lane.edge, left.y] : [middle, (came?.y ?? 0) - FALL]
  return [
    {
      seqs: [...(trip.responded ? [trip.responded.seq] : []), ...(came ? [came.event.seq] : [])],
      way: 'response',
      lost: !came,
      bad: !came,
      faint: trip.request.ops.length === 0,
      x1,
      y1,
      x2: came ? lane.line : middle,
      y2: came ? Math.max(came.y, y1 + 2) : y1 + FALL,
      label: [status, ...outcomes].filter((part) => part !== undefined).join(' '),
    },
  ]
}
