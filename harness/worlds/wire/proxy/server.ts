import type { StagedLink } from '../../../core/world.ts'

/** A Toxiproxy that links run through. Scenarios side by side share it. */
export interface ProxyServer {
  /** Which one it is: 'Toxiproxy 2.12.0 (binary)'. */
  readonly about: string
  /**
   * A link to `upstream` ('host:port'). `name` must be unique on the server; `timeScale` is the number of scenario milliseconds in a real one, 1 when
   * left out. Rejects with a Problem.
   */
  createLink(
    name: string,
    upstream: string,
    options?: { readonly timeScale?: number },
  ): Promise<WireLink>
  /** Removes the links that are left, and ends the server if it was started for us. */
  close(): Promise<void>
}

export interface WireLink extends StagedLink {
  /** host:port that a device connects to. */
  readonly address: string
  remove(): Promise<void>
}

/** A Toxiproxy that answers at `url`, and how to be rid of it. */
export interface Running {
  readonly url: string
  /** In a word, for people: 'binary'. */
  readonly kind: string
  close(): Promise<void>
}
