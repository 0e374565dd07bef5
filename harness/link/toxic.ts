/**
 * The contract of a toxic: one fault of one direction of a connection. The recipe for a new one,
 * from noop to buffers, is in toxics/README.md.
 *
 * Semantics are those of Toxiproxy 2.12.0. There a toxic is a goroutine between two channels; here
 * it is a {@link ToxicRun} that the link calls, so that it works on virtual time, too.
 *
 * Every instant and duration is in milliseconds of the clock (scenario time in the sim, real time
 * in the embedded Toxiproxy), unless an attribute has another unit.
 *
 * @module
 */
import type { Clock } from '../core/ports/clock.ts'
import type { Random } from '../core/random.ts'
import type { Chunk } from './chunk.ts'

/** The unit of an attribute. A world with a time scale converts the values by it. */
export type AttributeUnit = 'ms' | 'µs' | 'KB/s' | 'plain'

/** A whole number that the user of a toxic can set. */
export interface Attribute {
  readonly unit: AttributeUnit
  readonly default: number
  /** The smallest value that a scenario may give. Toxiproxy's API accepts smaller ones, too. */
  readonly least: number
}

/** Returns an attribute of at least 0 with the default 0, as every attribute of Toxiproxy has. */
export const attribute = (unit: AttributeUnit): Attribute => ({ unit, default: 0, least: 0 })

/**
 * A toxic: the default export of a file in toxics/, which has the name of the type. Make it with
 * {@link defineToxic}, which infers the attributes' names.
 *
 * @example
 * // toxics/blackhole.ts: drops every chunk, and passes on the end.
 * export default defineToxic({
 *   type: 'blackhole',
 *   attributes: {},
 *   attach: () => ({ start: () => ({ onChunk: () => {} }) }),
 * })
 */
export interface Toxic<Name extends string = string> {
  /** The name on the wire and of the file, such as 'limit_data'. */
  readonly type: string
  /** The attributes by name, with unit and default. An attribute of any other name is ignored. */
  readonly attributes: Readonly<Record<Name, Attribute>>
  /**
   * The number of chunks that may wait in front of the toxic before the sender must wait
   * (backpressure). A chunk that the toxic holds is not counted. Default: 0.
   */
  readonly bufferSize?: number
  /**
   * If true, a connection that opens while the toxic is on either stream is closed by RST: from
   * either side, and even if the toxicity spares the connection. Default: false (FIN).
   */
  readonly abortive?: boolean
  /**
   * If true, the toxic's removal closes the stream, even if the toxicity spares the connection.
   * Default: false.
   */
  readonly closesOnRemoval?: boolean
  /**
   * Returns undefined if these attributes are valid, else the problem in one line with the received
   * values: adding or updating the toxic then throws a ToxicError with status 400. Default: all are
   * valid.
   */
  check?(attributes: Readonly<Record<Name, number>>): string | undefined
  /**
   * Called once when the toxic is added to a stream. Keep state that must survive attribute updates
   * in this closure (Toxiproxy's `NewState`).
   */
  attach(): AttachedToxic<Name>
}

/** A toxic on one stream of one connection, with the state it keeps there. */
export interface AttachedToxic<Name extends string = string> {
  /**
   * Starts a run: after `attach`, and again after each attribute update and each change of the next
   * toxic in the chain. Is not called on connections that the toxicity spares. State kept in this
   * call lasts until the next interrupt.
   */
  start(stub: Stub<Name>): ToxicRun
}

/** The behaviour of a toxic on one stream, until it is interrupted. */
export interface ToxicRun {
  /**
   * Handles a chunk. Every chunk that is not meant to be lost must be passed to `stub.write`, now
   * or after a hold. Called one chunk at a time, never during a hold.
   *
   * @param at when the chunk arrived at this toxic, or was due
   */
  onChunk(chunk: Chunk, at: number): void
  /**
   * Handles the end of the stream: the sender closed, and no chunk follows. Called again after a
   * restart if the stream is still open. Default: `stub.close()`.
   */
  onEnd?(): void
}

/**
 * A toxic's place in a stream, and what it can do there (Toxiproxy's `ToxicStub`).
 *
 * A stub has one timer: `hold`, `setTimer` and `closeIn` each replace it. Calls on a closed stub
 * have no effect. A run that was interrupted can still write and close, but no longer wait.
 */
export interface Stub<Name extends string = string> {
  /** The attributes at the start of this run. */
  readonly attributes: Readonly<Record<Name, number>>
  readonly clock: Clock
  /** Seeded, and used by nothing but this toxic on this stream of this connection. */
  readonly random: Random
  /**
   * Passes a chunk on to the next toxic, or to the stream's output.
   *
   * @param at when the chunk counts as arrived there. The instant at which it was due keeps the
   * delays of several toxics exact.
   */
  write(chunk: Chunk, at: number): void
  /**
   * Passes on the end, which closes the connection's other end. Drops the chunks that wait here.
   */
  close(): void
  /**
   * Accepts no chunks for `ms`, then calls `then`. An `ms` of 0 or less calls it at once; Infinity
   * never does. An interrupt calls `onInterrupt` instead: write the chunk you hold there,
   * or it is lost.
   */
  hold(ms: number, then: () => void, onInterrupt?: () => void): void
  /**
   * Calls `then` in `ms`, unless the timer is replaced or the run interrupted. Chunks still arrive.
   */
  setTimer(ms: number, then: () => void): void
  /**
   * Drops all further chunks and closes in `ms`. Neither update nor removal can prevent the close.
   */
  closeIn(ms: number): void
}

/** Returns the toxic, typed by its attributes' names. */
export function defineToxic<Name extends string>(toxic: Toxic<Name>): Toxic {
  return toxic
}
