import type { ByteStream, StreamEnd, StreamReceiver } from '../../../core/ports/stream.ts'

/** Returns the two ends of a connection inside this process: it takes no scenario time. */
export function streamPair(): [ByteStream, ByteStream] {
  const near = new MemoryEnd()
  const far = new MemoryEnd()
  near.peer = far
  far.peer = near
  return [near, far]
}

class MemoryEnd implements ByteStream {
  peer!: MemoryEnd
  #receiver: StreamReceiver | undefined
  #waiting: ((receiver: StreamReceiver) => void)[] = []
  #isOver = false

  write(bytes: Uint8Array): void {
    if (!this.#isOver) this.peer.#pass((receiver) => receiver.data(bytes))
  }

  end(): void {
    this.#close('end')
  }

  reset(): void {
    this.#close('reset')
  }

  receive(receiver: StreamReceiver): void {
    this.#receiver = receiver
    const waiting = this.#waiting
    this.#waiting = []
    for (const pass of waiting) this.#pass(pass)
  }

  #close(how: StreamEnd): void {
    if (this.#isOver) return
    this.#isOver = true
    const { peer } = this
    peer.#pass((receiver) => {
      peer.#isOver = true
      receiver.closed(how)
    })
    if (how === 'end') this.#pass((receiver) => receiver.closed('end'))
  }

  /** Soon, never within the call: the other side's code must not run inside of this one's. */
  #pass(pass: (receiver: StreamReceiver) => void): void {
    const receiver = this.#receiver
    if (receiver) queueMicrotask(() => pass(receiver))
    else this.#waiting.push(pass)
  }
}
