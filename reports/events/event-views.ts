import type { Event, EventType } from '../../harness/core/event.ts'
import type { History } from '../../harness/core/history.ts'
import { deviceEvents } from './device-events.ts'
import { EventContext, NoteContext } from './event-context.ts'
import type { EventView, EventViews } from './event-view.ts'
import type { Note } from './note.ts'
import { requestEvents } from './request-events.ts'
import { scenarioEvents } from './scenario-events.ts'
import { serverEvents } from './server-events.ts'

const EVENT_VIEWS: EventViews<EventType> = {
  ...deviceEvents,
  ...requestEvents,
  ...serverEvents,
  ...scenarioEvents,
}

/** The compiler cannot see that an event's type picks the entry that accepts the event. */
const viewOf = (event: Event) => EVENT_VIEWS[event.type] as EventView<EventType>

/** Returns the text for an event that follows its node's name. */
export type DescribeEvent = (event: Event) => string

export function eventDescriber(history: History): DescribeEvent {
  const context = new EventContext(history.whole)
  const probeSeq = history.probe[0]?.seq ?? Number.POSITIVE_INFINITY
  return (event) => {
    const text = viewOf(event).describe(event, context)
    // Nobody may take for an effect of the story what the harness tried after it.
    return event.seq > probeSeq ? `${text} (in the probe)` : text
  }
}

/** Returns the note for an event; undefined if the event is not drawn as a note. */
export type NoteOfEvent = (event: Event) => Note | undefined

/** The note of a view in `evidence` has all rows; that of another view only the changed rows. */
export function noteFinder(history: History, evidence: ReadonlySet<number>): NoteOfEvent {
  const context = new NoteContext(history.whole, evidence)
  return (event) => viewOf(event).note?.(event, context)
}
