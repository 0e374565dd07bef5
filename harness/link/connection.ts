/**
 * The ends of a proxied connection, as its owner (the sim's network, the embedded Toxiproxy) sees
 * them: bytes go into a Source and come out of a Sink.
 *
 * @module
 */
import type { Chunk } from './chunk.ts'

/** The output of one direction. */
export interface Sink {
  write(chunk: Chunk): void
  /** Closes the connection (FIN). Toxiproxy has no half-close: the socket closes as a whole. */
  end(): void
  /** Breaks the connection (RST). */
  reset(): void
}

/** The input of one direction. */
export interface Source {
  /** Returns false if the writer must wait for `onDrain` (backpressure). */
  write(chunk: Chunk): boolean
  /** The sender closed its side. */
  end(): void
  /** Called once after a `write` returned false, as soon as there is room again. */
  onDrain: (() => void) | undefined
}

/**
 * A proxied connection. The client's bytes are written to `client` and come out of the server's
 * sink; the server's bytes are written to `server` and come out of the client's sink.
 */
export interface Connection {
  readonly client: Source
  readonly server: Source
}
