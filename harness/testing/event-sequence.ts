import type { Event, EventBody } from '../core/event.ts'

/** Events in order of time, a fixed span apart by default. `seq` counts from 0. */
export class EventSequence {
  readonly #spacingMs: number
  readonly #events: Event[] = []
  readonly #seqByName = new Map<string, number>()
  #nextAtMs: number

  constructor(spacingMs: number) {
    this.#spacingMs = spacingMs
    this.#nextAtMs = spacingMs
  }

  get all(): readonly Event[] {
    return this.#events
  }

  /** Scenario time of the next event. */
  get nextAtMs(): number {
    return this.#nextAtMs
  }

  /** Sets the scenario time of the next event. Throws if the newest event is later. */
  moveTo(ms: number): void {
    const last = this.#events.at(-1)
    if (last && ms < last.t)
      throw new Error(`expected a time from ${last.t} ms on (the newest event's), got ${ms} ms`)
    this.#nextAtMs = ms
  }

  add(node: string, body: EventBody): void {
    const t = this.#nextAtMs
    this.#events.push({ ...body, seq: this.#events.length, t, node })
    this.#nextAtMs = t + this.#spacingMs
  }

  /** Names the newest event: `seqOf` returns its `seq`. */
  nameLast(name: string): void {
    this.#seqByName.set(name, this.#events.length - 1)
  }

  seqOf(name: string): number {
    const seq = this.#seqByName.get(name)
    if (seq === undefined) {
      const known = [...this.#seqByName.keys()].join(', ') || 'none'
      throw new Error(`expected the name of an event (${known}), got '${name}'`)
    }
    return seq
  }
}
