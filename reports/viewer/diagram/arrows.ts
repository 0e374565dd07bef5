import type { History } from '../../../harness/core/history.ts'
import type { RequestTrip } from '../../../harness/core/request-trip.ts'
import { listText } from '../../words/text.ts'
import { type DeviceLane, type Lanes, middleOf } from './lanes.ts'
import type { Layout, Placement } from './layout.ts'

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
    return lane ? [...requestArrow(trip, lane, layout), ...responseArrows(trip, lane, layout)] : []
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

/** Returns the server's response, and another that a fault sent instead of it. */
function responseArrows(trip: RequestTrip, lane: DeviceLane, layout: Layout): Arrow[] {
  const { responded, response, interceptions } = trip
  const from = responded && layout.bySeq.get(responded.seq)
  const to = response?.outcome === 'response' ? layout.bySeq.get(response.seq) : undefined
  const isReplaced = interceptions.some(({ act }) => act === 'respond')
  const arrows: Arrow[] = []
  if (from) arrows.push(serverArrow(trip, lane, from, isReplaced ? undefined : to))
  // The note of the fault shows the status.
  const label = isReplaced ? '' : String(response?.status ?? '')
  if (to && (isReplaced || !from)) arrows.push(linkArrow(trip, lane, to, label))
  return arrows
}

/** Returns the response of the server. Without `to`, it is lost. */
function serverArrow(
  trip: RequestTrip,
  lane: DeviceLane,
  from: Placement,
  to: Placement | undefined,
): Arrow {
  return {
    seqs: seqs(from.event, to?.event),
    way: 'response',
    lost: !to,
    faint: trip.request.opIds.length === 0,
    x1: lane.edge,
    y1: from.y,
    x2: to ? lane.line : middleOf(lane.link),
    y2: to ? Math.max(to.y, from.y + DROP_MIN) : from.y + LOST_DROP,
    label: responseLabel(trip),
  }
}

/** Returns a response that begins in the link: the server did not send it. */
function linkArrow(trip: RequestTrip, lane: DeviceLane, to: Placement, label: string): Arrow {
  return {
    seqs: seqs(to.event),
    way: 'response',
    lost: false,
    faint: trip.request.opIds.length === 0,
    x1: middleOf(lane.link),
    y1: to.y - LOST_DROP,
    x2: lane.line,
    y2: to.y,
    label,
  }
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
