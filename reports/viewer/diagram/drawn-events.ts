import type { Event, EventOf, EventType } from '../../../harness/core/event.ts'
import type { History } from '../../../harness/core/history.ts'
import { type DescribeEvent, noteFinder } from '../../events/event-views.ts'
import type { Note } from '../../events/note.ts'

/** An event that has a place in the diagram, with its note if it has one. */
export interface DrawnEvent {
  readonly event: Event
  readonly note?: Note
}

/** Evidence is always drawn, with its description as a note if it has no other form. */
export function drawnEvents(
  history: History,
  evidence: ReadonlySet<number>,
  describeEvent: DescribeEvent,
): DrawnEvent[] {
  const noteOf = noteFinder(history, evidence)
  return history.all.flatMap((event): DrawnEvent[] => {
    const note = noteOf(event)
    if (note) return [{ event, note }]
    if (isShape(event)) return [{ event }]
    if (!evidence.has(event.seq)) return []
    return [{ event, note: { tone: 'plain', lines: [{ text: describeEvent(event) }] } }]
  })
}

/** Types that are drawn as arrows and bands. */
const SHAPES: ReadonlySet<EventType> = new Set([
  'request',
  'serverReceived',
  'serverResponded',
  'response',
  'fault',
])

function isShape(event: Event): boolean {
  return SHAPES.has(event.type) || isPhaseLine(event)
}

/**
 * Phases that are drawn as a line across. The others begin at the top (act), together with healing
 * (settle), or end the page.
 */
export function isPhaseLine(event: Event): event is EventOf<'phase'> {
  return event.type === 'phase' && ['heal', 'read', 'probe'].includes(event.phase)
}
