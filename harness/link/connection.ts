import type { Chunk } from './chunk.ts'

/** Where one direction's bytes come out. */
export interface Sink {
  write(chunk: Chunk): void
  /** The connection is closed (FIN): Toxiproxy knows no half-close. */
  end(): void
  /** The connection is broken (RST). */
  reset(): void
}

/** Where one direction's bytes go in. */
export interface Source {
  /** False: hold on until `onDrain`. */
  write(chunk: Chunk): boolean
  /** The sender closed its side. */
  end(): void
  /** Called when more may be written after a `write` said false. */
  onDrain: (() => void) | undefined
}

/** One proxied connection. Bytes of the client go in at `client` and come out at the server's sink, and the other way round. */
export interface Connection {
  readonly client: Source
  readonly server: Source
}
