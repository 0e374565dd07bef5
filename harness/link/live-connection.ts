import type { Clock } from '../core/ports/clock.ts'
import type { Random } from '../core/random.ts'
import type { Connection, Sink } from './connection.ts'
import type { Direction } from './entry.ts'
import { Stream } from './stream.ts'
import { type LinkTrace, withPrefix } from './trace.ts'

export interface LiveConnectionOptions {
  readonly clock: Clock
  /** Returns a generator for the toxic of this name on this stream. */
  readonly random: (direction: Direction, toxic: string) => Random
  /** The output of each direction. */
  readonly sinks: Readonly<Record<Direction, Sink>>
  /** If true, every close is an RST: an abortive toxic was there when the connection opened. */
  readonly abortive: boolean
  /** Called when both directions are closed. */
  readonly onClosed: () => void
  readonly trace?: LinkTrace | undefined
}

/** The two streams of a connection. If either closes, both ends close: there is no half-close. */
export class LiveConnection implements Connection {
  readonly streams: Readonly<Record<Direction, Stream>>
  readonly #options: LiveConnectionOptions

  constructor(options: LiveConnectionOptions) {
    this.#options = options
    const stream = (direction: Direction) =>
      new Stream({
        clock: options.clock,
        random: (toxic) => options.random(direction, toxic),
        write: (chunk) => options.sinks[direction].write(chunk),
        onClosed: () => this.#onStreamClosed(direction),
        trace: options.trace && withPrefix(`${direction} `, options.trace),
      })
    this.streams = { upstream: stream('upstream'), downstream: stream('downstream') }
  }

  get client(): Stream {
    return this.streams.upstream
  }

  get server(): Stream {
    return this.streams.downstream
  }

  /** Closes both ends. Data still on its way is lost. */
  closeNow(): void {
    const open = DIRECTIONS.filter((direction) => !this.streams[direction].closed)
    for (const direction of DIRECTIONS) this.streams[direction].kill()
    for (const direction of open) this.#closeSink(direction)
  }

  #onStreamClosed(direction: Direction): void {
    this.#closeSink(direction)
    // The socket at that end is now closed as a whole: nothing more can be read from it.
    this.streams[direction === 'upstream' ? 'downstream' : 'upstream'].end()
    if (this.streams.upstream.closed && this.streams.downstream.closed) this.#options.onClosed()
  }

  #closeSink(direction: Direction): void {
    const { sinks, abortive, trace } = this.#options
    trace?.(`${direction}: ${abortive ? 'reset' : 'closed'}`)
    if (abortive) sinks[direction].reset()
    else sinks[direction].end()
  }
}

const DIRECTIONS: readonly Direction[] = ['upstream', 'downstream']
