import type { Clock } from '../core/ports/clock.ts'
import type { Random } from '../core/random.ts'
import type { Chunk } from './chunk.ts'
import type { Source } from './connection.ts'
import type { ToxicEntry } from './entry.ts'
import { type Feeder, type Outlet, ToxicStub } from './toxic-stub.ts'

/** One direction of a connection: chunks go through its toxics in the order in which those were added. */
export class Stream implements Source {
  onDrain: (() => void) | undefined
  readonly #clock: Clock
  readonly #random: (toxic: string) => Random
  readonly #write: (chunk: Chunk) => void
  readonly #onClosed: () => void
  readonly #stages: ToxicStub[] = []
  #ended = false
  #closed = false
  /** A write said false, and nobody has called onDrain since. */
  #waiting = false

  /** `write` and `onClosed` are where chunks come out; after `onClosed`, called once, nothing does. */
  constructor(ports: {
    readonly clock: Clock
    readonly random: (toxic: string) => Random
    readonly write: (chunk: Chunk) => void
    readonly onClosed: () => void
  }) {
    this.#clock = ports.clock
    this.#random = ports.random
    this.#write = ports.write
    this.#onClosed = ports.onClosed
  }

  get closed(): boolean {
    return this.#closed
  }

  write(chunk: Chunk): boolean {
    if (this.#ended || this.#closed || chunk.length === 0) return true
    const first = this.#stages[0]
    if (!first) {
      this.#write(chunk)
      return true
    }
    first.push(chunk, this.#clock.now())
    this.#waiting = !first.hasRoom()
    return !this.#waiting
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    ;(this.#stages[0] ?? this.#out).end()
  }

  add(entry: ToxicEntry): void {
    if (this.#closed) return
    const last = this.#stages.at(-1)
    const ports = { clock: this.#clock, random: this.#random(entry.name) }
    const stage = new ToxicStub(entry, ports, last ?? this.#source, this.#out)
    // What the last toxic held back goes out under the old order; only then does it find its new neighbour.
    const restart = last?.interrupt()
    // A stream whose last toxic is already closing it has no place for another.
    if (last && !restart) return
    if (last) last.next = stage
    this.#stages.push(stage)
    stage.start()
    last?.start()
  }

  update(entry: ToxicEntry): void {
    const stage = this.#stages.find((each) => each.entry === entry)
    if (stage?.interrupt()) stage.start()
  }

  remove(entry: ToxicEntry): void {
    const at = this.#stages.findIndex((each) => each.entry === entry)
    const stage = this.#stages[at]
    // One that closes the stream already stays in it until that is done.
    if (!stage?.interrupt()) return
    if (entry.toxic.closesOnRemoval) {
      stage.close()
      return
    }
    const before = this.#stages[at - 1]
    const after = this.#stages[at + 1]
    // What the stage before held back goes into this one's queue, so that one is emptied last.
    const restart = before?.interrupt()
    stage.flush()
    this.#stages.splice(at, 1)
    if (before) before.next = stage.next
    if (after) after.previous = stage.previous
    if (restart) before?.start()
    if (!before) this.#source.pump()
  }

  /** The connection is gone: nothing comes out any more, not even the end. */
  kill(): void {
    this.#ended = true
    this.#closed = true
    for (const stage of this.#stages) stage.kill()
  }

  readonly #source: Feeder = {
    pump: () => {
      if (!this.#waiting || this.#stages[0]?.hasRoom() === false) return
      this.#waiting = false
      this.onDrain?.()
    },
  }

  readonly #out: Outlet = {
    push: (chunk) => {
      if (!this.#closed && chunk.length > 0) this.#write(chunk)
    },
    end: () => {
      if (this.#closed) return
      this.kill()
      this.#onClosed()
    },
    hasRoom: () => true,
  }
}
