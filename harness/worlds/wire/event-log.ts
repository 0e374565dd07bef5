import type { Event, EventBody } from '../../core/event.ts'
import type { WireClock } from './ports/clock.ts'

interface Entry {
  readonly t: number
  readonly node: string
  readonly body: EventBody
}

/**
 * Collects the events of one scenario as they arrive, and merges them into one history by the
 * machine's monotonic clock. Each node's own order is kept, because its timestamps never decrease.
 */
export class EventLog {
  readonly #clock: WireClock
  readonly #onEvent: (event: EventBody, t: number, node: string) => void
  readonly #entries: Entry[] = []
  readonly #performed = new Set<string>()

  /** `onEvent` receives every event as it arrives. */
  constructor(
    clock: WireClock,
    onEvent: (event: EventBody, t: number, node: string) => void = () => {},
  ) {
    this.#clock = clock
    this.#onEvent = onEvent
  }

  /** Adds an event. Default `t`: it happens now. */
  emit(body: EventBody, node: string, t = this.#clock.exact()): void {
    this.#add({ t, node, body })
  }

  /**
   * Returns the function that adds the events of one incarnation, which sends timestamps of its
   * own. A timestamp before the last one, or in the future, is corrected.
   */
  writer(node: string): (body: EventBody, t?: number) => void {
    let last = this.#clock.exact()
    return (body, t) => {
      const now = this.#clock.exact()
      last = Math.max(last, Math.min(t ?? now, now))
      this.#add({ t: last, node, body })
    }
  }

  /** Returns true if a person has performed the operation on this device. */
  isPerformed(opId: string, device: string): boolean {
    return this.#performed.has(`${device} ${opId}`)
  }

  merged(): Event[] {
    // The sort is stable: events of one instant stay in order of arrival.
    return [...this.#entries]
      .sort((a, b) => a.t - b.t)
      .map(({ t, node, body }, seq) => ({ ...body, seq, t, node }))
  }

  #add(entry: Entry): void {
    const { body, node } = entry
    if (body.type === 'invoke') this.#performed.add(`${node} ${body.opId}`)
    this.#entries.push(entry)
    this.#onEvent(entry.body, entry.t, entry.node)
  }
}
