import type { TimedChunk } from './chunk.ts'

/** The chunks that wait in front of a toxic, and the end of the stream behind them. */
export class InputQueue {
  readonly #chunks: TimedChunk[] = []
  #end: 'not received' | 'waiting' | 'delivered' = 'not received'

  get length(): number {
    return this.#chunks.length
  }

  get ended(): boolean {
    return this.#end !== 'not received'
  }

  push(item: TimedChunk): void {
    this.#chunks.push(item)
  }

  end(): void {
    if (!this.ended) this.#end = 'waiting'
  }

  /** Removes and returns the first chunk, or after the last one the end. */
  take(): TimedChunk | 'end' | undefined {
    const first = this.#chunks.shift()
    if (first) return first
    if (this.#end !== 'waiting') return undefined
    this.#end = 'delivered'
    return 'end'
  }

  /** Makes a delivered end wait again: a restarted toxic must get it, too. */
  restoreEnd(): void {
    if (this.#end === 'delivered') this.#end = 'waiting'
  }

  /** Removes and returns every chunk. The end stays. */
  takeAll(): TimedChunk[] {
    return this.#chunks.splice(0)
  }
}
