import type { Abort } from '../../harness/core/ports/http.ts'

/** Aborts a request, at most once. Like WHATWG's AbortController, without a platform API. */
export class Cancellation implements Abort {
  readonly #listeners: (() => void)[] = []
  #aborted = false

  get aborted(): boolean {
    return this.#aborted
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener)
  }

  abort(): void {
    if (this.#aborted) return
    this.#aborted = true
    for (const listener of this.#listeners) listener()
  }
}
