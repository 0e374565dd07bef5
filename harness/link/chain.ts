/**
 * The two sides of a link in a chain of stubs: chunks and the end go forward to an Outlet, requests
 * for more go back to a Feeder.
 *
 * @module
 */
import type { Chunk } from './chunk.ts'

/** The receiver of a stub's chunks: the next stub, or the stream's output. */
export interface Outlet {
  push(chunk: Chunk, at: number): void
  end(): void
  /** Backpressure. If false, do not push: the feeder's `pump()` is called when there is room. */
  hasRoom(): boolean
}

/** The supplier of a stub's chunks: the stub before it, or the stream's input. */
export interface Feeder {
  /** There may be room again. */
  pump(): void
}
