/** A state of the device that the client can read and subscribe to. Never throws. */
export interface Signal<State> {
  get(): State
  /** Calls `listener` after each change. Returns the unsubscribe function. */
  onChange(listener: (state: State) => void): () => void
}

/**
 * The network as the operating system reports it. Only a hint: 'online' does not mean that packets
 * pass (lie-fi).
 */
export interface ConnectivityState {
  /** True at first. */
  readonly online: boolean
  /** The network costs money: mobile data, not Wi-Fi. False at first. */
  readonly metered: boolean
}

/** Power as Android's job scheduling sees it. Dozing postpones jobs; nothing else stops. */
export interface PowerState {
  readonly charging: boolean
  readonly dozing: boolean
}

/** A signal whose state its owner sets. Setting an equal state calls no listener. */
export class SettableSignal<State extends object> implements Signal<State> {
  readonly #listeners = new Set<(state: State) => void>()
  #state: State

  constructor(state: State) {
    this.#state = state
  }

  get(): State {
    return this.#state
  }

  /** Merges `change` into the state. */
  set(change: Partial<State>): void {
    const next = { ...this.#state, ...change }
    const isEqual = (Object.keys(next) as (keyof State)[]).every(
      (key) => next[key] === this.#state[key],
    )
    if (isEqual) return
    this.#state = next
    for (const listener of [...this.#listeners]) listener(next)
  }

  onChange(listener: (state: State) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
