import type { StagedLink } from '../../../core/world.ts'
import type { LinkTrace } from '../../../link/trace.ts'

/** A Toxiproxy that carries links. Concurrent scenarios share it. */
export interface ProxyServer {
  /** Version and kind: 'Toxiproxy 2.12.0 (binary)'. */
  readonly about: string
  /**
   * Creates a link to `upstream` ('host:port'). `name` must be unique on the server. Rejects with a
   * Problem.
   */
  createLink(name: string, upstream: string, options?: LinkOptions): Promise<WireLink>
  /** Removes the remaining links, and ends the Toxiproxy if it was started for us. */
  close(): Promise<void>
}

export interface LinkOptions {
  /** Scenario milliseconds per real millisecond. Default: 1. */
  readonly timeScale?: number
  /** Receives what the Toxiproxy does on this link, in real time. Only the embedded one reports. */
  readonly trace?: LinkTrace | undefined
}

export interface WireLink extends StagedLink {
  /** host:port that a device connects to. */
  readonly address: string
  remove(): Promise<void>
}

/** A Toxiproxy that responds at `url`. */
export interface Running {
  readonly url: string
  /** Describes the kind for people: 'binary', 'embedded', or the URL. */
  readonly kind: string
  /** The traces of links to come, by name. Absent: this Toxiproxy does not report what it does. */
  readonly traces?: Map<string, LinkTrace>
  close(): Promise<void>
}
