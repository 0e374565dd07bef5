import { EPOCH_WALL } from '../time.ts'
import type { Clock, Timer } from './clock.ts'
import type { Standstill } from './standstill.ts'
import { worksInOrder } from './works-in-order.ts'

interface DueTask {
  readonly at: number
  readonly order: number
  readonly task: () => void
  isCancelled: boolean
}

/**
 * Time that moves only when `until` or `advance` is called. Tasks run in the order of their
 * instants, equal instants in the order in which they were set. All promise reactions of a task
 * complete before the next task begins.
 */
export class VirtualClock implements Clock {
  /** A binary heap ordered by (at, order). */
  readonly #heap: DueTask[] = []
  #now = 0
  #order = 0
  readonly #inOrder = worksInOrder()
  /** The number of works that have not ended, and the end of the last one. */
  #works = 0
  #lastWork: Promise<void> = Promise.resolve()

  now(): number {
    return this.#now
  }

  wall(): number {
    return EPOCH_WALL + this.#now
  }

  after(ms: number, task: () => void): Timer {
    const at = this.#now + Math.max(0, ms)
    const due: DueTask = { at, order: this.#order++, task, isCancelled: false }
    this.#push(due)
    return {
      cancel: () => {
        due.isCancelled = true
      },
    }
  }

  /** Runs work during which time does not move. See {@link Standstill}. */
  readonly standstill: Standstill = (work) => {
    this.#works++
    const result = this.#inOrder(work)
    const end = () => {
      this.#works--
    }
    this.#lastWork = result.then(end, end)
    return result
  }

  /**
   * Moves time to `instant` and runs the tasks that are due on the way. Stops as soon as `isDone`
   * returns true.
   */
  async until(instant: number, isDone: () => boolean = () => false): Promise<void> {
    await this.reactions()
    for (let next = this.#next(); next && next.at <= instant; next = this.#next()) {
      if (isDone()) return
      this.#pop()
      this.#now = Math.max(this.#now, next.at)
      next.task()
      await reactionsDone()
      if (this.#works > 0) await this.#worksDone()
    }
    if (!isDone()) this.#now = Math.max(this.#now, instant)
  }

  /** Completes the promise reactions that are due now, and the works. No time passes. */
  async reactions(): Promise<void> {
    await reactionsDone()
    if (this.#works > 0) await this.#worksDone()
  }

  /** Moves time forward by `ms`. */
  advance(ms: number): Promise<void> {
    return this.until(this.#now + ms)
  }

  /** Works may begin others when they end. */
  async #worksDone(): Promise<void> {
    while (this.#works > 0) {
      await this.#lastWork
      await reactionsDone()
    }
  }

  #next(): DueTask | undefined {
    for (let first = this.#heap[0]; first; first = this.#heap[0]) {
      if (!first.isCancelled) return first
      this.#pop()
    }
    return undefined
  }

  #push(due: DueTask): void {
    const heap = this.#heap
    let i = heap.push(due) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!before(due, heap[parent] as DueTask)) break
      heap[i] = heap[parent] as DueTask
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
      if (child + 1 < heap.length && before(heap[child + 1] as DueTask, heap[child] as DueTask))
        child++
      if (!before(heap[child] as DueTask, last)) break
      heap[i] = heap[child] as DueTask
      i = child
    }
    heap[i] = last
  }
}

function before(a: DueTask, b: DueTask): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

/**
 * Resolves when no promise reaction is left to run: in Node and in a page, a macrotask runs after
 * all of them. Macrotasks are requested in batches, because a turn of the event loop costs more
 * than most tasks. Promise reactions also complete between two macrotasks of one batch. Unused
 * macrotasks do nothing.
 */
const reactionsDone: () => Promise<void> = (() => {
  const BATCH_SIZE = 32
  const waiting: (() => void)[] = []
  let requested = 0
  const resolveNext = () => {
    requested--
    waiting.shift()?.()
  }
  const requestMacrotask = macrotaskRequester(resolveNext)
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      if (requested >= waiting.length) return
      for (let i = 0; i < BATCH_SIZE; i++) {
        requested++
        requestMacrotask()
      }
    })
})()

/** Returns a function that requests one macrotask, which runs `task`. */
function macrotaskRequester(task: () => void): () => void {
  // Kept from the beginning: the sim may watch the global while code under test runs.
  const request = globalThis.setImmediate
  if (typeof request === 'function') return () => void request(task)
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = task
  return () => port2.postMessage(null)
}
