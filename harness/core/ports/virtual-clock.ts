import { EPOCH_WALL } from '../time.ts'
import type { Clock, Timer } from './clock.ts'

interface Due {
  readonly at: number
  readonly order: number
  readonly task: () => void
}

/**
 * Time that moves only when told to. Tasks run in the order of their instants, equal instants in the order they were asked for; after each one all
 * that it set in motion (promise reactions included) is over before the next begins.
 */
export class VirtualClock implements Clock {
  /** A binary heap on (at, order). */
  readonly #heap: Due[] = []
  readonly #cancelled = new WeakSet<Due>()
  #now = 0
  #order = 0

  now(): number {
    return this.#now
  }

  wall(): number {
    return EPOCH_WALL + this.#now
  }

  after(ms: number, task: () => void): Timer {
    const due = { at: this.#now + Math.max(0, ms), order: this.#order++, task }
    this.#push(due)
    return { cancel: () => this.#cancelled.add(due) }
  }

  /** Moves time to `instant`, running what is due on the way. */
  async until(instant: number): Promise<void> {
    await turn()
    for (let next = this.#next(); next && next.at <= instant; next = this.#next()) {
      this.#pop()
      this.#now = Math.max(this.#now, next.at)
      next.task()
      await turn()
    }
    this.#now = Math.max(this.#now, instant)
  }

  /** Moves time on by `ms`. */
  advance(ms: number): Promise<void> {
    return this.until(this.#now + ms)
  }

  #next(): Due | undefined {
    for (let first = this.#heap[0]; first; first = this.#heap[0]) {
      if (!this.#cancelled.has(first)) return first
      this.#pop()
    }
    return undefined
  }

  #push(due: Due): void {
    const heap = this.#heap
    let i = heap.push(due) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!before(due, heap[parent] as Due)) break
      heap[i] = heap[parent] as Due
      i = parent
    }
    heap[i] = due
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (!last || heap.length === 0) return
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as Due, heap[child] as Due)) child++
      if (!before(heap[child] as Due, last)) break
      heap[i] = heap[child] as Due
      i = child
    }
    heap[i] = last
  }
}

function before(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

/**
 * Resolves when no promise reaction is left to run: a macrotask comes after all of them, in Node and in a page. Macrotasks are asked for in batches, because each visit of
 * the event loop costs more than most tasks: reactions run dry between the macrotasks of one visit too. Those left over find nobody waiting.
 */
const turn: () => Promise<void> = (() => {
  const BATCH = 32
  const waiting: (() => void)[] = []
  let asked = 0
  const take = () => {
    asked--
    waiting.shift()?.()
  }
  const ask = macrotasks(take)
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      if (asked >= waiting.length) return
      for (let i = 0; i < BATCH; i++) {
        asked++
        ask()
      }
    })
})()

/** How to ask for one macrotask that runs `task`. */
function macrotasks(task: () => void): () => void {
  if (typeof setImmediate === 'function') return () => void setImmediate(task)
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = task
  return () => port2.postMessage(null)
}
