import type { Clock } from '../core/ports/clock.ts'
import type { Random } from '../core/random.ts'
import type { Feeder, Outlet } from './chain.ts'
import type { Chunk } from './chunk.ts'
import type { Source } from './connection.ts'
import type { ToxicEntry } from './entry.ts'
import { ToxicStub } from './toxic-stub.ts'
import { type LinkTrace, withPrefix } from './trace.ts'

export interface StreamPorts {
  readonly clock: Clock
  /** Returns a generator for the toxic of this name. */
  readonly random: (toxic: string) => Random
  /** Receives the chunks that come out. */
  readonly write: (chunk: Chunk) => void
  /** Called once, when the end comes out. Nothing comes out after it. */
  readonly onClosed: () => void
  readonly trace?: LinkTrace | undefined
}

/**
 * A direction of a connection. Chunks pass its toxics in the order in which those were added; the
 * picture is in toxic-stub.ts.
 */
export class Stream implements Source {
  onDrain: (() => void) | undefined
  readonly #ports: StreamPorts
  readonly #stubs: ToxicStub[] = []
  /** Ended: the sender has closed, the end is on its way. Closed: it has come out. */
  #state: 'open' | 'ended' | 'closed' = 'open'
  /** A write returned false, and onDrain has not been called since. */
  #writerWaits = false

  constructor(ports: StreamPorts) {
    this.#ports = ports
  }

  get closed(): boolean {
    return this.#state === 'closed'
  }

  write(chunk: Chunk): boolean {
    if (this.#state !== 'open' || chunk.length === 0) return true
    const first = this.#stubs[0]
    if (!first) {
      this.#ports.write(chunk)
      return true
    }
    first.push(chunk, this.#ports.clock.now())
    this.#writerWaits = !first.hasRoom()
    return !this.#writerWaits
  }

  end(): void {
    if (this.#state !== 'open') return
    this.#state = 'ended'
    ;(this.#stubs[0] ?? this.#output).end()
  }

  /** Adds a toxic behind the others. */
  add(entry: ToxicEntry): void {
    if (this.closed) return
    const last = this.#stubs.at(-1)
    const stub = this.#createStub(entry, last ?? this.#input)
    // The last toxic first writes the chunk it holds to the output, then is linked to the new one.
    const interrupted = last?.interrupt()
    // If the last toxic is already closing the stream, nothing would reach another one.
    if (last && !interrupted) return
    if (last) last.next = stub
    this.#stubs.push(stub)
    stub.start()
    last?.start()
  }

  /** Restarts the toxic with its new attributes. */
  update(entry: ToxicEntry): void {
    const stub = this.#stubs.find((each) => each.entry === entry)
    if (stub?.interrupt()) stub.start()
  }

  remove(entry: ToxicEntry): void {
    const index = this.#stubs.findIndex((each) => each.entry === entry)
    const stub = this.#stubs[index]
    // A toxic that is already closing the stream stays until it has.
    if (!stub?.interrupt()) return
    if (entry.toxic.closesOnRemoval) stub.close()
    else this.#unlink(stub, index)
  }

  /** Closes without an end: the connection is closed already, and nothing comes out any more. */
  kill(): void {
    this.#state = 'closed'
    for (const stub of this.#stubs) stub.kill()
  }

  /** Removes an interrupted stub from the pipeline, after passing on the chunks that wait in it. */
  #unlink(stub: ToxicStub, index: number): void {
    const before = this.#stubs[index - 1]
    const after = this.#stubs[index + 1]
    // The stub before writes the chunk it holds into this one's queue, so this one is flushed last.
    const interrupted = before?.interrupt()
    stub.flush()
    this.#stubs.splice(index, 1)
    if (before) before.next = stub.next
    if (after) after.previous = stub.previous
    if (interrupted) before?.start()
    if (!before) this.#input.pump()
  }

  #createStub(entry: ToxicEntry, previous: Feeder): ToxicStub {
    const { clock, random, trace } = this.#ports
    const ports = {
      clock,
      random: random(entry.name),
      trace: trace && withPrefix(`${entry.name}: `, trace),
    }
    return new ToxicStub(entry, ports, previous, this.#output)
  }

  readonly #input: Feeder = {
    pump: () => {
      if (!this.#writerWaits || this.#stubs[0]?.hasRoom() === false) return
      this.#writerWaits = false
      this.onDrain?.()
    },
  }

  readonly #output: Outlet = {
    push: (chunk) => {
      if (!this.closed && chunk.length > 0) this.#ports.write(chunk)
    },
    end: () => {
      if (this.closed) return
      this.kill()
      this.#ports.onClosed()
    },
    hasRoom: () => true,
  }
}
