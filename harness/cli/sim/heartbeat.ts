import type { Doing } from '../../worlds/sim/doing.ts'

/** Indexes of the shared numbers. */
const BEATS = 0
const INSIDE = 1
const LENGTH = 2
/** Odd while the text is being written. */
const WRITES = 3
const NUMBERS_BYTES = 16
const TEXT_BYTES = 4096

/**
 * Memory that a thread of the sim shares with the main thread, which reads it while the sim's
 * thread is blocked. The sim's thread beats while its event loop turns, and writes down which code
 * under test it enters.
 */
export class Heartbeat {
  readonly memory: SharedArrayBuffer
  readonly #numbers: Int32Array
  readonly #text: Uint8Array
  readonly #encoder = new TextEncoder()

  /** `memory` is that of the other thread's heartbeat. Default: new memory. */
  constructor(memory = new SharedArrayBuffer(NUMBERS_BYTES + TEXT_BYTES)) {
    this.memory = memory
    this.#numbers = new Int32Array(memory, 0, NUMBERS_BYTES / 4)
    this.#text = new Uint8Array(memory, NUMBERS_BYTES)
  }

  /** Returns how often the sim's thread has beaten. */
  get beats(): number {
    return Atomics.load(this.#numbers, BEATS)
  }

  /** Shows that the event loop of the sim's thread turns. */
  beat(): void {
    Atomics.add(this.#numbers, BEATS, 1)
  }

  enter(doing: Doing): void {
    const text = JSON.stringify(doing)
    Atomics.add(this.#numbers, WRITES, 1)
    const { read, written } = this.#encoder.encodeInto(text, this.#text)
    Atomics.store(this.#numbers, LENGTH, read === text.length ? written : 0)
    Atomics.add(this.#numbers, WRITES, 1)
    Atomics.store(this.#numbers, INSIDE, 1)
  }

  /** Records that the event loop has turned: the code that was entered has returned. */
  leave(): void {
    Atomics.store(this.#numbers, INSIDE, 0)
  }

  /**
   * Returns the code under test that was entered and has not returned since. Undefined also while
   * other code is being entered, which shows as well that nothing is frozen.
   */
  get inside(): Doing | undefined {
    const writes = Atomics.load(this.#numbers, WRITES)
    const length = Atomics.load(this.#numbers, LENGTH)
    if (Atomics.load(this.#numbers, INSIDE) === 0 || length === 0) return undefined
    // A decoder refuses shared memory: copy the text.
    const bytes = this.#text.slice(0, length)
    const isTorn = writes % 2 !== 0 || Atomics.load(this.#numbers, WRITES) !== writes
    return isTorn ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as Doing)
  }
}
