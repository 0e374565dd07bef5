import type { Event, EventOf, EventType } from '../../../harness/core/event.ts'
import type { Note } from '../../events/note.ts'

export const LINE_HEIGHT = 17

/** The lanes in which an event has text, and the room of the text above and below the event. */
export interface LaneSpace {
  readonly lanes: readonly string[]
  readonly above: number
  readonly below: number
}

export function laneSpaceOf(event: Event, note: Note | undefined): LaneSpace {
  if (note) return noteSpace(event, note)
  const shapeSpace = SHAPE_SPACE[event.type] as ((event: Event) => LaneSpace) | undefined
  return shapeSpace ? shapeSpace(event) : { lanes: [], above: 0, below: 0 }
}

/** The room of a note between an arrow that a fault ends in the link and one that begins there. */
const BESIDE_ARROWS = [22, 14] as const

const linkLane = (node: string) => `link ${node}`

function noteSpace({ type, node }: Event, { lines, tone, onLink }: Note): LaneSpace {
  const ordinary = tone === 'tap' ? [12, 14] : [9, 9]
  const [above = 0, below = 0] = type === 'intercepted' ? BESIDE_ARROWS : ordinary
  return {
    lanes: [onLink === undefined ? node : linkLane(onLink)],
    above,
    below: (lines.length - 1) * LINE_HEIGHT + below,
  }
}

const SHAPE_SPACE: { readonly [Type in EventType]?: (event: EventOf<Type>) => LaneSpace } = {
  request: ({ node }) => ({ lanes: [linkLane(node)], above: 16, below: 15 }),
  response: ({ node }) => ({ lanes: [linkLane(node)], above: 8, below: 4 }),
  serverReceived: () => ({ lanes: ['server'], above: 2, below: 8 }),
  serverResponded: () => ({ lanes: ['server'], above: 8, below: 4 }),
  fault: ({ nodes }) => ({
    lanes: nodes.flatMap((node) => [node, linkLane(node)]),
    above: 12,
    below: 14,
  }),
}
