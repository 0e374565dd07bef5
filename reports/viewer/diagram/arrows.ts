import type { History } from '../../../harness/core/history.ts'
import type { RequestTrip } from '../../../harness/core/request-trip.ts'
import { listText } from '../../words/text.ts'
import { type DeviceLane, type Lanes, middleOf } from './lanes.ts'
import type { Layout } from './layout.ts'

/** A request or a response, from its sender to its receiver. A lost one ends in the link. */
export interface Arrow {
  /** The `seq`s of the events at its ends. */
  readonly seqs: readonly number[]
  readonly way: 'request' | 'response'
  readonly lost: boolean
  /** The request carries no operation. */
  readonly faint: boolean
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
  readonly label: string
}

/** The height between the start of a lost arrow and its end in the link. */
const LOST_DROP = 9
/** The least height of an arrow: it points down even if both events have the same height. */
const DROP_MIN = 2

export function arrowsOf(history: History, lanes: Lanes, layout: Layout): Arrow[] {
  return history.whole.requests.flatMap((trip) => {
    const lane = lanes.devices.get(trip.device)
    return lane ? [...requestArrow(trip, lane, layout), ...responseArrow(trip, lane, layout)] : []
  })
}

function requestArrow(trip: RequestTrip, lane: DeviceLane, layout: Layout): Arrow[] {
  const from = layout.bySeq.get(trip.request.seq)
  if (!from) return []
  const to = trip.received && layout.bySeq.get(trip.received.seq)
  // A node on the way, not the server, responded: a captive portal, for example.
  const respondedOnTheWay = !to && trip.response?.outcome === 'response'
  return [
    {
      seqs: seqs(trip.request, trip.received),
      way: 'request',
      lost: !to && !respondedOnTheWay,
      faint: trip.request.opIds.length === 0,
      x1: lane.line,
      y1: from.y,
      x2: to ? lane.edge : middleOf(lane.link),
      y2: to ? Math.max(to.y, from.y + DROP_MIN) : from.y + LOST_DROP,
      label: requestLabel(trip),
    },
  ]
}

const OPERATIONS_NAMED_MAX = 2

function requestLabel({ request: { method, path, opIds } }: RequestTrip): string {
  const pathname = path.split('?')[0] ?? ''
  if (opIds.length === 0) return `${method} ${pathname}`
  if (opIds.length <= OPERATIONS_NAMED_MAX) return `${pathname} ${listText(opIds)}`
  const named = opIds.slice(0, OPERATIONS_NAMED_MAX)
  return `${pathname} ${named.join(', ')} +${opIds.length - named.length}`
}

function responseArrow(trip: RequestTrip, lane: DeviceLane, layout: Layout): Arrow[] {
  const from = trip.responded && layout.bySeq.get(trip.responded.seq)
  const completed = trip.response?.outcome === 'response' ? trip.response : undefined
  const to = completed && layout.bySeq.get(completed.seq)
  if (!from && !to) return []
  const middle = middleOf(lane.link)
  const [x1, y1] = from ? [lane.edge, from.y] : [middle, (to?.y ?? 0) - LOST_DROP]
  return [
    {
      seqs: seqs(trip.responded, to?.event),
      way: 'response',
      lost: !to,
      faint: trip.request.opIds.length === 0,
      x1,
      y1,
      x2: to ? lane.line : middle,
      y2: to ? Math.max(to.y, y1 + DROP_MIN) : y1 + LOST_DROP,
      label: responseLabel(trip),
    },
  ]
}

/** Returns the status, and the server's decisions other than 'applied': `200 duplicate`. */
function responseLabel({ responded, response, outcomes }: RequestTrip): string {
  const decisions = new Set(outcomes.map(({ outcome }) => outcome))
  decisions.delete('applied')
  const status = responded?.status ?? response?.status
  return [...(status === undefined ? [] : [status]), ...decisions].join(' ')
}

function seqs(...events: readonly ({ readonly seq: number } | undefined)[]): number[] {
  return events.flatMap((event) => (event ? [event.seq] : []))
}
