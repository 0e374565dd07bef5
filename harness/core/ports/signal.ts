/** A state of the device that the client is told of, such as its connectivity. */
export interface Signal<State> {
  get(): State
  /** Calls `listener` after each change. Returns how to stop that. */
  onChange(listener: (state: State) => void): () => void
}

/** What the operating system says of the network. A hint: 'online' does not mean that anything passes (lie-fi). */
export interface ConnectivityState {
  readonly online: boolean
  readonly metered: boolean
}

/** Power as Android's job scheduling sees it. Dozing holds jobs back; nothing else stops. */
export interface PowerState {
  readonly charging: boolean
  readonly dozing: boolean
}

/** A signal whose state its owner sets. Setting an equal state tells nobody. */
export class SettableSignal<State extends object> implements Signal<State> {
  readonly #listeners = new Set<(state: State) => void>()
  #state: State

  constructor(state: State) {
    this.#state = state
  }

  get(): State {
    return this.#state
  }

  set(change: Partial<State>): void {
    const next = { ...this.#state, ...change }
    const same = (Object.keys(next) as (keyof State)[]).every(
      (key) => next[key] === this.#state[key],
    )
    if (same) return
    this.#state = next
    for (const listener of [...this.#listeners]) listener(next)
  }

  onChange(listener: (state: State) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
