import type { EventBody, EventOf, EventType } from '../core/event.ts'
import { EventSequence } from './event-sequence.ts'
import type { HistorySetting } from './history-setting.ts'
import { WrittenRecords } from './written-records.ts'

/** Optional fields of an event, which override the builder's defaults. */
export type Fields<Type extends EventType> = Partial<EventOf<Type>>

/** The part of the builder for all events: their order, times and names. */
export abstract class EventWriter {
  protected readonly setting: HistorySetting
  protected readonly events: EventSequence
  protected readonly written = new WrittenRecords()

  constructor(setting: HistorySetting) {
    this.setting = setting
    this.events = new EventSequence(setting.spacingMs ?? 100)
  }

  /** Adds any event. */
  add(node: string, body: EventBody): this {
    this.events.add(node, body)
    return this
  }

  /** Sets the scenario time of the next event. */
  at(ms: number): this {
    this.events.moveTo(ms)
    return this
  }

  /** Names the event just added: `seq` returns its number. */
  as(name: string): this {
    this.events.nameLast(name)
    return this
  }

  /** Returns the `seq` of a named event. Throws if no event has the name. */
  seq(name: string): number {
    return this.events.seqOf(name)
  }
}
