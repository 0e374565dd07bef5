import type { EventOf, EventType } from './event.ts'

/** Recorded events by type: the input of the joins. */
export interface Events {
  /** Returns the events of one type, in order; those of one node only, if `node` is given. */
  of<Type extends EventType>(type: Type, node?: string): readonly EventOf<Type>[]
}
