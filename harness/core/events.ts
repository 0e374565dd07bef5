import type { EventOf, EventType } from './event.ts'

/** Recorded events by type: the input of the joins. */
export interface Events {
  /** The events of one type, of one node if named, in order. */
  of<Type extends EventType>(type: Type, node?: string): readonly EventOf<Type>[]
}
