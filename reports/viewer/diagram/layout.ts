import type { Event, EventOf } from '../../../harness/core/event.ts'
import type { History } from '../../../harness/core/history.ts'
import { type DescribeEvent, noteFinder } from '../../events/event-views.ts'
import type { Note } from '../../events/note.ts'
import { foldRequests, type RequestFold } from './request-folds.ts'

/** A drawn event with its height on the page. */
export interface Placement {
  readonly event: Event
  readonly y: number
  readonly note?: Note
}

/** Where nothing is drawn for a while: time jumps. */
export interface Jump {
  readonly y: number
  readonly ms: number
}

export interface Layout {
  readonly height: number
  readonly placements: readonly Placement[]
  readonly bySeq: ReadonlyMap<number, Placement>
  readonly jumps: readonly Jump[]
  readonly folds: readonly (RequestFold & { readonly y: number })[]
}

const [TOP, LINE, BOTTOM] = [26, 17, 30]
/** From here on a pause is drawn as a jump, not as empty space. */
const GAP_JUMP_MS = 8000
const JUMP_HEIGHT = 34

/**
 * Heights for all that is drawn, in order. Time moves things down, but slower the longer it lasts (a log), and what has words gets room for
 * them in its own lane; so arrows slant as their messages took time, and nothing covers anything.
 */
export function computeLayout(
  history: History,
  evidence: ReadonlySet<number>,
  tell: DescribeEvent,
): Layout {
  const noteOf = noteFinder(history, evidence)
  const wanted = history.all.flatMap((event): { event: Event; note?: Note }[] => {
    const note = noteOf(event)
    if (note) return [{ event, note }]
    if (isShape(event)) return [{ event }]
    // What proves something must be seen, also where it would not be worth a line by itself.
    return evidence.has(event.seq)
      ? [{ event, note: { tone: 'plain', lines: [{ text: tell(event) }] } }]
      : []
  })
  const { hidden, folds: quiets } = foldRequests(
    history.whole.requests,
    wanted.map(({ event }) => event),
    evidence,
  )

  const free = new Map<string, number>()
  const jumps: Jump[] = []
  const placed: Placement[] = []
  const quietAt: (RequestFold & { y: number })[] = []
  let [y, t] = [TOP, 0]
  const bottom = () => Math.max(y, ...free.values())
  const advance = (to: number) => {
    const gap = to - t
    if (gap >= GAP_JUMP_MS) {
      const at = bottom() + 6
      jumps.push({ y: at + JUMP_HEIGHT / 2, ms: gap })
      y = at + JUMP_HEIGHT
    } else y += Math.min(40, 7 * Math.log2(1 + gap / 250))
    t = Math.max(t, to)
  }
  const open = [...quiets]
  for (const { event, note } of wanted) {
    if (open[0] && event.seq >= open[0].from) {
      const quiet = open.shift() as RequestFold
      y = bottom() + 8
      quietAt.push({ ...quiet, y: y + 8 })
      y += 26
      for (const lane of free.keys()) free.set(lane, y)
    }
    if (hidden.has(event.seq)) {
      t = Math.max(t, event.t)
      continue
    }
    advance(event.t)
    if (isPhase(event) && !note) {
      y = bottom() + 14
      for (const lane of free.keys()) free.set(lane, y + 12)
      placed.push({ event, y })
      continue
    }
    const { lanes, above, below } = roomOf(event, note)
    y = Math.max(y, ...lanes.map((lane) => (free.get(lane) ?? TOP) + above))
    for (const lane of lanes) free.set(lane, y + below)
    placed.push({ event, y, ...(note && { note }) })
  }
  return {
    height: bottom() + BOTTOM,
    placements: placed,
    bySeq: new Map(placed.map((each) => [each.event.seq, each])),
    jumps,
    folds: quietAt,
  }
}

function isShape(event: Event): boolean {
  return (
    ['request', 'serverReceived', 'serverResponded', 'response', 'fault'].includes(event.type) ||
    isPhase(event)
  )
}

/** The other phases begin at the top, with healing, or end the page. */
function isPhase(event: Event): event is EventOf<'phase'> {
  return event.type === 'phase' && ['heal', 'read', 'probe'].includes(event.phase)
}

/** The lanes an event's words stand in, and how far above and below its height they reach. */
function roomOf(
  event: Event,
  note: Note | undefined,
): { lanes: string[]; above: number; below: number } {
  const link = `link ${event.node}`
  if (note)
    return {
      lanes: [note.onLink ? link : event.node],
      above: note.tone === 'tap' ? 12 : 9,
      below: (note.lines.length - 1) * LINE + (note.tone === 'tap' ? 14 : 9),
    }
  switch (event.type) {
    case 'request':
      return { lanes: [link], above: 16, below: 15 }
    case 'response':
      return { lanes: [link], above: 8, below: 4 }
    case 'serverReceived':
      return { lanes: ['server'], above: 2, below: 8 }
    case 'serverResponded':
      return { lanes: ['server'], above: 8, below: 4 }
    case 'fault':
      return { lanes: event.nodes.flatMap((node) => [node, `link ${node}`]), above: 12, below: 14 }
    default:
      return { lanes: [], above: 0, below: 0 }
  }
}
