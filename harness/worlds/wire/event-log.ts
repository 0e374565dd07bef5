import type { Event, EventBody } from '../../core/event.ts'
import type { WireClock } from './ports/clock.ts'

interface Entry {
  readonly t: number
  readonly node: string
  readonly body: EventBody
}

/**
 * The events of one scenario as they arrive, and in the end as one history: merged by the machine-wide clock. Each speaker's own order is kept, as
 * its stamps never fall.
 */
export class EventLog {
  readonly #clock: WireClock
  readonly #entries: Entry[] = []

  constructor(clock: WireClock) {
    this.#clock = clock
  }

  /** The harness saw this now. */
  record(node: string, body: EventBody): void {
    this.#entries.push({ t: this.#clock.exact(), node, body })
  }

  /** For the events of one incarnation, which stamps them itself: into the log goes no instant before its last one, nor one that is yet to come. */
  speaker(node: string): (body: EventBody, t?: number) => void {
    let last = this.#clock.exact()
    return (body, t) => {
      const now = this.#clock.exact()
      last = Math.max(last, Math.min(t ?? now, now))
      this.#entries.push({ t: last, node, body })
    }
  }

  merged(): Event[] {
    // Equal instants stay in order of arrival: the sort is stable.
    return [...this.#entries]
      .sort((a, b) => a.t - b.t)
      .map(({ t, node, body }, seq) => ({ ...body, seq, t, node }))
  }
}
