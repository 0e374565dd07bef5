import type { EventOf } from '../../core/event.ts'
import type { History } from '../../core/history.ts'
import { askedOf } from './asked.ts'
import { oncePerHistory } from './once-per-history.ts'
import { countUpTo } from './sorted-numbers.ts'

type View = EventOf<'view'>

const viewsByDevice = oncePerHistory(() => new Map<string, DeviceViews>())

/** Returns the index of a device's views, the same object each time. */
export function viewsOf(history: History, device: string): DeviceViews {
  const ofHistory = viewsByDevice(history)
  const views = ofHistory.get(device) ?? new DeviceViews(history, device)
  ofHistory.set(device, views)
  return views
}

/**
 * The views of a device, in order, searched by bisection: a long run has as many views as writes,
 * and each write asks for a few of them.
 */
export class DeviceViews {
  readonly #views: readonly View[]
  readonly #seqs: readonly number[]
  /** The `seq` since which the client knew that it would be seen: see {@link askedOf}. */
  readonly #askedSeqs: readonly number[]

  constructor(history: History, device: string) {
    this.#views = history.of('view', device)
    this.#seqs = this.#views.map(({ seq }) => seq)
    this.#askedSeqs = this.#views.map((view) => askedOf(history, view).seq)
  }

  /**
   * The views that were asked for after one event and that arrived before another: a client must
   * know in all of them what happened at the first.
   */
  *between(fromSeq: number, untilSeq: number): Generator<View> {
    for (let i = countUpTo(this.#seqs, fromSeq); i < this.#views.length; i++) {
      const view = this.#views[i] as View
      if (view.seq >= untilSeq) return
      if ((this.#askedSeqs[i] as number) > fromSeq) yield view
    }
  }

  /** The first view that was asked for after an event. */
  firstAfter(seq: number): View | undefined {
    return this.between(seq, Number.POSITIVE_INFINITY).next().value ?? undefined
  }
}
