import type { ByteStream, StreamEnd, StreamReceiver } from '../core/ports/stream.ts'

/** Carries what one side of a connection does. Called in order, and never after its end. */
export interface StreamCarrier {
  write(bytes: Uint8Array): void
  end(): void
  reset(): void
}

/**
 * A side of a connection: passes its owner's calls to a carrier, and what the carrier delivers to
 * the owner's receiver, by the rules of {@link ByteStream}. After the own `end` only the close is
 * delivered, after the own `reset` nothing.
 */
export class StreamSide implements ByteStream {
  readonly #carrier: StreamCarrier
  #state: 'open' | 'ended' | 'over' = 'open'
  #receiver: StreamReceiver | undefined
  /** The bytes that arrived before there was a receiver. */
  readonly #early: Uint8Array[] = []
  #earlyClose: StreamEnd | undefined

  constructor(carrier: StreamCarrier) {
    this.#carrier = carrier
  }

  /** True until the connection is closed by either side. */
  get receives(): boolean {
    return this.#state === 'open'
  }

  write(bytes: Uint8Array): void {
    if (this.#state === 'open' && bytes.length > 0) this.#carrier.write(bytes)
  }

  end(): void {
    if (this.#state !== 'open') return
    this.#state = 'ended'
    this.#carrier.end()
  }

  reset(): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    this.#carrier.reset()
  }

  receive(receiver: StreamReceiver): void {
    this.#receiver = receiver
    for (const bytes of this.#early.splice(0)) receiver.data(bytes)
    if (this.#earlyClose !== undefined) receiver.closed(this.#earlyClose)
    this.#earlyClose = undefined
  }

  /** Delivers bytes to the owner. */
  data(bytes: Uint8Array): void {
    if (this.#state !== 'open') return
    if (this.#receiver) this.#receiver.data(bytes)
    else this.#early.push(bytes)
  }

  /** Tells the owner that the connection is over. */
  closed(how: StreamEnd): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    if (this.#receiver) this.#receiver.closed(how)
    else this.#earlyClose = how
  }
}
