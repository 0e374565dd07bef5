import type { EventOf, EventType } from '../../harness/core/event.ts'
import type { EventContext, NoteContext } from './event-context.ts'
import type { Note } from './note.ts'

/**
 * The presentation of one event type, the same in all formats. A new event type needs one entry, in
 * the file for its recorder: device-events, request-events, server-events or scenario-events.
 */
export interface EventView<Type extends EventType> {
  /**
   * Returns the text that follows the node's name: `sends ‘Hello’`, `commits ana-1 as #1: message
   * m1 v1`.
   */
  readonly describe: (event: EventOf<Type>, context: EventContext) => string
  /**
   * The note beside a lifeline of the diagram. Absent, or undefined for one event, if the event is
   * drawn as an arrow, a band or a line across, or not at all.
   */
  readonly note?: (event: EventOf<Type>, context: NoteContext) => Note | undefined
}

export type EventViews<Types extends EventType> = { readonly [Type in Types]: EventView<Type> }
