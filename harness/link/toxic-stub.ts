import type { Clock, Timer } from '../core/ports/clock.ts'
import type { Random } from '../core/random.ts'
import type { Chunk } from './chunk.ts'
import type { ToxicEntry } from './entry.ts'
import type { AttachedToxic, Stub, ToxicRun } from './toxic.ts'

/** What a stage writes to: the next stage, or the stream's end. */
export interface Outlet {
  push(chunk: Chunk, at: number): void
  end(): void
  /** May a chunk be pushed now? After a no, the stage's feeder is told when. */
  hasRoom(): boolean
}

/** What fills a stage: the stage before it, or the stream's beginning. */
export interface Feeder {
  /** There may be room again. */
  pump(): void
}

/** Toxiproxy rolls `rand < toxicity` and lets the rest of the connections through untouched. */
const untouched = (pipe: Stub): ToxicRun => ({ onChunk: (chunk, at) => pipe.write(chunk, at) })

/**
 * One toxic on one direction of one connection: the chunks that wait for it and its process. Each start of the process rolls the toxicity anew, as the
 * original does.
 */
export class ToxicStub implements Stub, Outlet, Feeder {
  readonly entry: ToxicEntry
  readonly clock: Clock
  readonly random: Random
  attributes: Readonly<Record<string, number>>
  next: Outlet
  previous: Feeder
  readonly #starter: AttachedToxic
  readonly #queue: { readonly chunk: Chunk; readonly at: number }[] = []
  #process: ToxicRun | undefined
  #timer: Timer | undefined
  #interrupted: (() => void) | undefined
  #onHold = false
  #pumping = false
  /** The feeder was told to wait. */
  #wanted = false
  /** The end has come in. */
  #ended = false
  #endTaken = false
  #doomed = false
  /** The end has gone out. */
  #closed = false

  constructor(
    entry: ToxicEntry,
    ports: { readonly clock: Clock; readonly random: Random },
    previous: Feeder,
    next: Outlet,
  ) {
    this.entry = entry
    this.clock = ports.clock
    this.random = ports.random
    this.attributes = entry.attributes
    this.previous = previous
    this.next = next
    this.#starter = entry.toxic.attach()
  }

  /** Begins to act, with the entry's newest attributes. */
  start(): void {
    this.attributes = this.entry.attributes
    this.#endTaken = false
    this.#process =
      this.random.next() < this.entry.toxicity ? this.#starter.start(this) : untouched(this)
    this.pump()
  }

  /** Stops acting and lets go of what is held back. False when nothing can stop it any more. */
  interrupt(): boolean {
    if (this.#closed || this.#doomed) return false
    this.#process = undefined
    this.#onHold = false
    this.#timer?.cancel()
    const letGo = this.#interrupted
    this.#interrupted = undefined
    letGo?.()
    return true
  }

  /** What waits here, and the end if it has come, goes on to the next outlet. Only after an interruption. */
  flush(): void {
    for (const { chunk, at } of this.#queue.splice(0)) this.next.push(chunk, at)
    if (this.#ended) this.close()
  }

  /** The connection is gone. */
  kill(): void {
    this.#closed = true
    this.#timer?.cancel()
    this.#queue.length = 0
  }

  push(chunk: Chunk, at: number): void {
    if (this.#closed || this.#doomed) return
    this.#queue.push({ chunk, at })
    this.pump()
  }

  end(): void {
    this.#ended = true
    this.pump()
  }

  hasRoom(): boolean {
    const waiting = this.#queue.length
    const room =
      this.#closed ||
      this.#doomed ||
      (waiting === 0 && !this.#onHold) ||
      waiting < (this.entry.toxic.bufferSize ?? 0)
    if (!room) this.#wanted = true
    return room
  }

  pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    while (this.#process && !this.#onHold && !this.#closed && this.next.hasRoom()) {
      const item = this.#queue.shift()
      if (item) this.#process.onChunk(item.chunk, item.at)
      else if (this.#ended && !this.#endTaken) {
        this.#endTaken = true
        if (this.#process.onEnd) this.#process.onEnd()
        else this.close()
      } else break
    }
    this.#pumping = false
    if (this.#wanted && this.hasRoom()) {
      this.#wanted = false
      this.previous.pump()
    }
  }

  write(chunk: Chunk, at: number): void {
    if (!this.#closed) this.next.push(chunk, at)
  }

  close(): void {
    if (this.#closed) return
    this.kill()
    this.next.end()
    this.pump()
  }

  hold(ms: number, then: () => void, interrupted?: () => void): void {
    this.#timer?.cancel()
    if (ms <= 0) {
      then()
      return
    }
    this.#onHold = true
    this.#interrupted = interrupted
    if (ms === Number.POSITIVE_INFINITY) return
    this.#timer = this.clock.after(ms, () => {
      this.#onHold = false
      this.#interrupted = undefined
      then()
      this.pump()
    })
  }

  setTimer(ms: number, then: () => void): void {
    this.#timer?.cancel()
    this.#timer = this.clock.after(ms, then)
  }

  closeIn(ms: number): void {
    this.#timer?.cancel()
    this.#onHold = true
    this.#doomed = true
    this.#queue.length = 0
    this.#timer = this.clock.after(ms, () => this.close())
    this.pump()
  }
}
