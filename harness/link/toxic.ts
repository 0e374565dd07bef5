import type { Clock } from '../core/ports/clock.ts'
import type { Random } from '../core/random.ts'
import type { Chunk } from './chunk.ts'

/** What an attribute counts, so that a world with a time scale can translate it. */
export type AttributeUnit = 'ms' | 'µs' | 'KB/s' | 'plain'

export interface Attribute {
  readonly unit: AttributeUnit
  readonly default: number
}

/** An attribute that is 0 unless said otherwise, as all of Toxiproxy's are. */
export const attribute = (unit: AttributeUnit): Attribute => ({ unit, default: 0 })

/**
 * One kind of misfortune of one direction of a connection: the default export of a file in toxics/, which is named like the type.
 * Semantics are those of Toxiproxy 2.12.0; there a toxic is a goroutine between two channels, here a {@link ToxicRun} that is called.
 */
export interface Toxic<Name extends string = string> {
  /** The name on the wire and of the file. */
  readonly type: string
  readonly attributes: Readonly<Record<Name, Attribute>>
  /** How many chunks may wait in front of it before the sender has to. Default: none. */
  readonly bufferSize?: number
  /** Connections that begin while it is on either stream are closed by RST, whoever closes them and whatever its toxicity. */
  readonly abortive?: boolean
  /** Its removal closes the stream, whatever its toxicity. */
  readonly closesOnRemoval?: boolean
  /** What is wrong with these attributes, or undefined. */
  check?(attributes: Readonly<Record<Name, number>>): string | undefined
  /** It comes onto a stream. What must outlive an update of the attributes is kept in this call. */
  attach(): AttachedToxic<Name>
}

export interface AttachedToxic<Name extends string = string> {
  /** It begins to act: after joining, and again after each update and after each change of its successor. */
  start(stub: Stub<Name>): ToxicRun
}

/** A toxic acting on one stream, until it is interrupted. */
export interface ToxicRun {
  /** Takes one chunk, which came (or was due) at the instant `at`. Not called while the stub is on hold. */
  onChunk(chunk: Chunk, at: number): void
  /** No more chunks will come. Called again after a restart when the stream is still open. Default: closes the stream. */
  onEnd?(): void
}

/** What a toxic can do to the stream it is on. */
export interface Stub<Name extends string = string> {
  readonly attributes: Readonly<Record<Name, number>>
  readonly clock: Clock
  readonly random: Random
  /** Passes a chunk on, to be taken for one that came at the instant `at`. */
  write(chunk: Chunk, at: number): void
  /** Lets nothing more out and closes the connection's other end. */
  close(): void
  /**
   * Takes nothing for `ms` and then runs `then`: at once when `ms` is not positive, never when it is Infinity. An interruption runs `interrupted` instead:
   * that is where a chunk held back must be let go.
   */
  hold(ms: number, then: () => void, interrupted?: () => void): void
  /** Runs `then` in `ms`, unless another call or an interruption comes before. Chunks are taken meanwhile. */
  setTimer(ms: number, then: () => void): void
  /** Takes nothing more and closes in `ms`. No interruption changes that. */
  closeIn(ms: number): void
}

/** Types a toxic by its attributes' names. */
export function defineToxic<Name extends string>(toxic: Toxic<Name>): Toxic {
  return toxic
}
