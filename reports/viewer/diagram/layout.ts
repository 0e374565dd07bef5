/**
 * Computes the height of everything in the diagram, in SVG units from the top, in the order of the
 * events. The height of a pause grows with the logarithm of its length; a long pause is a jump.
 * Text gets the height that it needs in its own lane. So a slow message has a steep arrow, and no
 * text covers another.
 *
 * @module
 */
import type { Event } from '../../../harness/core/event.ts'
import type { History } from '../../../harness/core/history.ts'
import type { DescribeEvent } from '../../events/event-views.ts'
import type { Note } from '../../events/note.ts'
import { drawnEvents, isPhaseLine } from './drawn-events.ts'
import { laneSpaceOf } from './lane-space.ts'
import { foldRequests, type RequestFold } from './request-folds.ts'

/** A drawn event with its height. */
export interface Placement {
  readonly event: Event
  readonly y: number
  readonly note?: Note
}

/** A long pause, drawn as a mark with its length. */
export interface Jump {
  readonly y: number
  readonly ms: number
}

export interface Layout {
  readonly height: number
  readonly placements: readonly Placement[]
  readonly bySeq: ReadonlyMap<number, Placement>
  readonly jumps: readonly Jump[]
  readonly folds: readonly (RequestFold & { readonly y: number })[]
}

export function computeLayout(
  history: History,
  evidence: ReadonlySet<number>,
  describeEvent: DescribeEvent,
): Layout {
  const drawn = drawnEvents(history, evidence, describeEvent)
  const events = drawn.map(({ event }) => event)
  const { hidden, folds } = foldRequests(history.whole.requests, events, evidence)
  const foldsLeft = [...folds]
  const layout = new LayoutBuilder()
  for (const { event, note } of drawn) {
    const fold = foldsLeft[0]
    if (fold && event.seq >= fold.from) {
      foldsLeft.shift()
      layout.addFold(fold)
    }
    if (hidden.has(event.seq)) layout.skip(event)
    else if (isPhaseLine(event) && !note) layout.addPhaseLine(event)
    else layout.addEvent(event, note)
  }
  return layout.build()
}

const MARGIN_TOP = 26
const MARGIN_BOTTOM = 30

/** A pause of this length or more is a jump: an empty stretch would show no more. */
const GAP_JUMP_MS = 8000
const JUMP_HEIGHT = 34

/**
 * Pauses within one history range from milliseconds to seconds. With a logarithm the short ones can
 * still be seen and the long ones do not push everything else off the screen: 250 ms are 7 units
 * high, and every further doubling adds 7, up to 35 for the longest pause that is not a jump.
 */
const GAP_UNIT_MS = 250
const HEIGHT_PER_DOUBLING = 7

function gapHeight(ms: number): number {
  return HEIGHT_PER_DOUBLING * Math.log2(1 + Math.max(0, ms) / GAP_UNIT_MS)
}

/** Places the events in one pass, from the top to the bottom. */
class LayoutBuilder {
  readonly #placements: Placement[] = []
  readonly #jumps: Jump[] = []
  readonly #folds: (RequestFold & { y: number })[] = []
  /** For each lane, the height below its last text. */
  readonly #freeFrom = new Map<string, number>()
  #y = MARGIN_TOP
  #timeMs = 0

  addEvent(event: Event, note: Note | undefined): void {
    this.#advanceTo(event.t)
    const { lanes, above, below } = laneSpaceOf(event, note)
    const free = lanes.map((lane) => (this.#freeFrom.get(lane) ?? MARGIN_TOP) + above)
    this.#y = Math.max(this.#y, ...free)
    for (const lane of lanes) this.#freeFrom.set(lane, this.#y + below)
    this.#placements.push({ event, y: this.#y, ...(note && { note }) })
  }

  /** Places a line across all lanes. */
  addPhaseLine(event: Event): void {
    this.#advanceTo(event.t)
    this.#y = this.#bottom + 14
    this.#freeAllLanesFrom(this.#y + 12)
    this.#placements.push({ event, y: this.#y })
  }

  addFold(fold: RequestFold): void {
    const top = this.#bottom + 8
    this.#folds.push({ ...fold, y: top + 8 })
    this.#y = top + 26
    this.#freeAllLanesFrom(this.#y)
  }

  /** Lets the time of the event pass without drawing it. */
  skip(event: Event): void {
    this.#timeMs = Math.max(this.#timeMs, event.t)
  }

  build(): Layout {
    return {
      height: this.#bottom + MARGIN_BOTTOM,
      placements: this.#placements,
      bySeq: new Map(this.#placements.map((placement) => [placement.event.seq, placement])),
      jumps: this.#jumps,
      folds: this.#folds,
    }
  }

  #advanceTo(ms: number): void {
    const gapMs = ms - this.#timeMs
    if (gapMs >= GAP_JUMP_MS) {
      const top = this.#bottom + 6
      this.#jumps.push({ y: top + JUMP_HEIGHT / 2, ms: gapMs })
      this.#y = top + JUMP_HEIGHT
    } else this.#y += gapHeight(gapMs)
    this.#timeMs = Math.max(this.#timeMs, ms)
  }

  /** The height below everything that is placed so far. */
  get #bottom(): number {
    return Math.max(this.#y, ...this.#freeFrom.values())
  }

  #freeAllLanesFrom(y: number): void {
    for (const lane of this.#freeFrom.keys()) this.#freeFrom.set(lane, y)
  }
}
