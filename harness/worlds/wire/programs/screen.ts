import type { Client } from '../../../core/client.ts'
import type { HostEvent, ShownView } from '../../../core/event.ts'
import { observeView } from '../../../core/observe.ts'

/** Looks at a client's screen once a turn at most, and records it when it shows something new. */
export class Screen {
  readonly #client: Client
  readonly #record: (event: HostEvent) => void
  #due = false
  #shown = ''
  /** One look at a time, in the order asked for. */
  #looking: Promise<void> = Promise.resolve()

  constructor(client: Client, record: (event: HostEvent) => void) {
    this.#client = client
    this.#record = record
  }

  /** It may show something else now. */
  changed(): void {
    if (this.#due) return
    this.#due = true
    setImmediate(() => {
      this.#due = false
      void this.#look(false)
    })
  }

  /** Records it, new or not. */
  show(): Promise<void> {
    return this.#look(true)
  }

  #look(always: boolean): Promise<void> {
    this.#looking = this.#looking.then(async () => {
      const view: ShownView = observeView(await this.#client.view())
      const text = JSON.stringify(view)
      if (!always && text === this.#shown) return
      this.#shown = text
      this.#record({ type: 'view', view })
    })
    return this.#looking
  }
}
