import type { ByteStream, StreamEnd, StreamReceiver } from '../../core/ports/stream.ts'
import type { VirtualClock } from '../../core/ports/virtual-clock.ts'

/** An end of a connection for tests. */
class PipeEnd implements ByteStream {
  readonly #clock: VirtualClock
  readonly #latency: number
  other: PipeEnd | undefined
  #receiver: StreamReceiver | undefined
  #early: ((receiver: StreamReceiver) => void)[] = []
  #isOver = false

  constructor(clock: VirtualClock, latency: number) {
    this.#clock = clock
    this.#latency = latency
  }

  write(bytes: Uint8Array): void {
    if (!this.#isOver) this.#send((receiver) => receiver.data(bytes))
  }

  end(): void {
    this.#finish('end')
  }

  reset(): void {
    this.#finish('reset')
  }

  receive(receiver: StreamReceiver): void {
    this.#receiver = receiver
    for (const call of this.#early.splice(0)) call(receiver)
  }

  /** Closes this end from outside. */
  closeWith(how: StreamEnd): void {
    this.arrive((receiver) => receiver.closed(how))
    this.#isOver = true
  }

  #finish(how: 'end' | 'reset'): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#clock.after(this.#latency, () => this.other?.closeWith(how))
  }

  #send(call: (receiver: StreamReceiver) => void): void {
    this.#clock.after(this.#latency, () => this.other?.arrive(call))
  }

  arrive(call: (receiver: StreamReceiver) => void): void {
    if (this.#isOver) return
    if (this.#receiver) call(this.#receiver)
    else this.#early.push(call)
  }
}

/** Returns the two ends of a connection, whose bytes take `latency` scenario milliseconds. */
export function pipe(clock: VirtualClock, latency = 10): readonly [ByteStream, ByteStream] {
  const ends = [new PipeEnd(clock, latency), new PipeEnd(clock, latency)] as const
  ends[0].other = ends[1]
  ends[1].other = ends[0]
  return ends
}
