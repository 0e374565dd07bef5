import type { EventOf, EventType } from './event.ts'

/** Recorded events that can be asked for by type: what the joins of a history read. */
export interface Events {
  /** The run's events of one type, of one node if named, in order. */
  of<Type extends EventType>(type: Type, node?: string): readonly EventOf<Type>[]
}
