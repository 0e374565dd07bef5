/**
 * The place of one toxic in one stream. A stream is a pipeline of stubs (Toxiproxy's picture):
 *
 *                            latency         bandwidth
 *                               v                v
 *       input (Stream)   >  ToxicStub   >   ToxicStub   >   output (Stream)
 *
 *       chunks              push()  ------> push()  ------> push()
 *       end of the sender   end()   ------> end()   ------> end()
 *       close               close() ------> end()   ------> end(), then kill() on every stub
 *       backpressure        pump()  <------ pump()          after hasRoom() was false
 *
 * - Chunks move forward. While a stub's hasRoom() is false, its feeder keeps the chunk, so the wait
 *   spreads back to the input, whose writer waits for onDrain. Once there is room, the stub calls
 *   its feeder's pump().
 * - The end of the sender moves forward behind the last chunk.
 * - A close can start at any stub: it drops the chunks that wait there and moves forward as an end.
 *   The output then closes the connection's other end and kills every stub of the stream.
 *
 * A stub is in one of five states:
 *
 *                    start()                 hold(ms)
 *     interrupted  ----------->   running  ----------->  holding
 *          ^                      |  |  ^                 |   |
 *          |                      |  |  '---- ms later ---'   |
 *          '----- interrupt() ----'--|------ interrupt() -----'
 *                                    |
 *                                    | closeIn(ms)
 *                                    v
 *                                 closing  ----------->  closed  <--- close(), kill(),
 *                                             ms later                from every state
 *
 * | state       | pushed chunks | the toxic's run    | interrupt()                          |
 * |-------------|---------------|--------------------|--------------------------------------|
 * | interrupted | wait          | none               | true; changes nothing                |
 * | running     | wait          | gets them in order | true                                 |
 * | holding     | wait          | gets none          | true; calls the hold's `onInterrupt` |
 * | closing     | are dropped   | gets none          | false; nothing stops the close       |
 * | closed      | are dropped   | gets none          | false                                |
 *
 * @module
 */
import type { Clock, Timer } from '../core/ports/clock.ts'
import type { Random } from '../core/random.ts'
import type { Feeder, Outlet } from './chain.ts'
import type { Chunk } from './chunk.ts'
import type { ToxicEntry } from './entry.ts'
import { InputQueue } from './input-queue.ts'
import type { AttachedToxic, Stub, ToxicRun } from './toxic.ts'
import { type LinkTrace, startTraced } from './trace.ts'

type StubState = 'interrupted' | 'running' | 'holding' | 'closing' | 'closed'

/** The run on connections that the toxicity spares. */
const passThrough = (stub: Stub): ToxicRun => ({
  onChunk: (chunk, at) => stub.write(chunk, at),
})

/** A toxic on a stream. */
export class ToxicStub implements Stub, Outlet, Feeder {
  readonly entry: ToxicEntry
  readonly clock: Clock
  readonly random: Random
  attributes: Readonly<Record<string, number>>
  next: Outlet
  previous: Feeder
  readonly #toxic: AttachedToxic
  readonly #input = new InputQueue()
  readonly #trace: LinkTrace | undefined
  #state: StubState = 'interrupted'
  #run: ToxicRun | undefined
  /** The one timer of a stub: of a hold, of setTimer or of closeIn. */
  #timer: Timer | undefined
  #onInterrupt: (() => void) | undefined
  /** hasRoom() has returned false, and the feeder's pump() has not been called since. */
  #feederWaits = false
  /** True while pump() runs its loop: a call from inside the loop must not start a second one. */
  #pumping = false

  constructor(
    entry: ToxicEntry,
    ports: {
      readonly clock: Clock
      readonly random: Random
      readonly trace?: LinkTrace | undefined
    },
    previous: Feeder,
    next: Outlet,
  ) {
    this.entry = entry
    this.clock = ports.clock
    this.random = ports.random
    this.#trace = ports.trace
    this.attributes = entry.attributes
    this.previous = previous
    this.next = next
    this.#toxic = entry.toxic.attach()
  }

  /** Starts the toxic with the entry's current attributes. Each start rolls the toxicity again. */
  start(): void {
    if (this.#state === 'interrupted') {
      this.#state = 'running'
      this.attributes = this.entry.attributes
      this.#input.restoreEnd()
      this.#run = this.#startRun()
    }
    this.pump()
  }

  /** Stops the toxic, which writes the chunk it holds. False if the stub is closing or closed. */
  interrupt(): boolean {
    if (this.#isOver()) return false
    this.#state = 'interrupted'
    this.#run = undefined
    this.#timer?.cancel()
    const onInterrupt = this.#onInterrupt
    this.#onInterrupt = undefined
    onInterrupt?.()
    return true
  }

  /** Passes on the waiting chunks, and the end if it was received. Only for an interrupted stub. */
  flush(): void {
    for (const { chunk, at } of this.#input.takeAll()) this.next.push(chunk, at)
    if (this.#input.ended) this.close()
  }

  /** Closes without passing on the end: the connection is closed already. */
  kill(): void {
    this.#state = 'closed'
    this.#timer?.cancel()
    this.#input.takeAll()
  }

  push(chunk: Chunk, at: number): void {
    if (this.#isOver()) return
    this.#input.push({ chunk, at })
    this.pump()
  }

  end(): void {
    this.#input.end()
    this.pump()
  }

  hasRoom(): boolean {
    const waiting = this.#input.length
    const room =
      this.#isOver() ||
      (waiting === 0 && this.#state !== 'holding') ||
      waiting < (this.entry.toxic.bufferSize ?? 0)
    if (!room) this.#feederWaits = true
    return room
  }

  pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    while (this.#run && this.#state === 'running' && this.next.hasRoom()) {
      const item = this.#input.take()
      if (!item) break
      if (item !== 'end') this.#run.onChunk(item.chunk, item.at)
      else if (this.#run.onEnd) this.#run.onEnd()
      else this.close()
    }
    this.#pumping = false
    this.#wakeFeeder()
  }

  write(chunk: Chunk, at: number): void {
    if (this.#state !== 'closed') this.next.push(chunk, at)
  }

  close(): void {
    if (this.#state === 'closed') return
    this.kill()
    this.next.end()
    this.pump()
  }

  hold(ms: number, then: () => void, onInterrupt?: () => void): void {
    if (this.#isOver()) return
    if (this.#state === 'interrupted') {
      onInterrupt?.()
      return
    }
    this.#timer?.cancel()
    if (ms <= 0) {
      then()
      return
    }
    this.#state = 'holding'
    this.#onInterrupt = onInterrupt
    if (ms === Number.POSITIVE_INFINITY) return
    this.#timer = this.clock.after(ms, () => {
      this.#state = 'running'
      this.#onInterrupt = undefined
      then()
      this.pump()
    })
  }

  setTimer(ms: number, then: () => void): void {
    if (this.#isOver() || this.#state === 'interrupted') return
    this.#timer?.cancel()
    this.#timer = this.clock.after(ms, then)
  }

  closeIn(ms: number): void {
    if (this.#isOver() || this.#state === 'interrupted') return
    this.#state = 'closing'
    this.#input.takeAll()
    this.#timer?.cancel()
    this.#timer = this.clock.after(ms, () => this.close())
    this.pump()
  }

  #startRun(): ToxicRun {
    // As in Toxiproxy: rand < toxicity.
    if (this.random.next() < this.entry.toxicity)
      return this.#trace ? startTraced(this.#toxic, this, this.#trace) : this.#toxic.start(this)
    this.#trace?.(`spares this connection (toxicity ${this.entry.toxicity})`)
    return passThrough(this)
  }

  #isOver(): boolean {
    return this.#state === 'closing' || this.#state === 'closed'
  }

  #wakeFeeder(): void {
    if (!this.#feederWaits || !this.hasRoom()) return
    this.#feederWaits = false
    this.previous.pump()
  }
}
