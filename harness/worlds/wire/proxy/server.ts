import type { StagedLink } from '../../../core/world.ts'

/** A Toxiproxy that links run through. Concurrent scenarios share it. */
export interface ProxyServer {
  /** Version and kind: 'Toxiproxy 2.12.0 (binary)'. */
  readonly about: string
  /**
   * Creates a link to `upstream` ('host:port'). `name` must be unique on the server; `timeScale` is
   * in scenario milliseconds per real millisecond, 1 by default. Rejects with a Problem.
   */
  createLink(
    name: string,
    upstream: string,
    options?: { readonly timeScale?: number },
  ): Promise<WireLink>
  /** Removes the remaining links, and ends the Toxiproxy if it was started for us. */
  close(): Promise<void>
}

export interface WireLink extends StagedLink {
  /** host:port that a device connects to. */
  readonly address: string
  remove(): Promise<void>
}

/** A Toxiproxy that responds at `url`. */
export interface Running {
  readonly url: string
  /** One word for people: 'binary'. */
  readonly kind: string
  close(): Promise<void>
}
