import type { Clock } from '../core/ports/clock.ts'
import type { Random } from '../core/random.ts'
import type { Connection, Sink } from './connection.ts'
import {
  type Direction,
  defaultAttributes,
  type NewToxic,
  readAttributes,
  type ToxicChange,
  type ToxicEntry,
} from './entry.ts'
import { invalidStream, invalidType, toxicExists, toxicNotFound } from './errors.ts'
import { Stream } from './stream.ts'
import type { Toxic } from './toxic.ts'

interface Live {
  readonly upstream: Stream
  readonly downstream: Stream
  readonly sinks: Record<Direction, Sink>
  /** Began under a toxic that makes every close an RST. */
  readonly abortive: boolean
}

/**
 * The toxics between clients and one server, and the connections that pass through them. Listening, dialling and refusing are the business of whoever owns the
 * sockets. Calls throw a ToxicError where Toxiproxy's API would answer with an error.
 */
export class LinkProxy {
  readonly #clock: Clock
  readonly #random: Random
  readonly #kinds: ReadonlyMap<string, Toxic>
  readonly #chains: Readonly<Record<Direction, ToxicEntry[]>> = { upstream: [], downstream: [] }
  readonly #live = new Set<Live>()
  #connections = 0

  constructor(
    ports: { readonly clock: Clock; readonly random: Random },
    toxics: ReadonlyMap<string, Toxic>,
  ) {
    this.#clock = ports.clock
    this.#random = ports.random
    this.#kinds = toxics
  }

  /** Acts on live connections too. 400: stream, type or attributes; 409: the name is taken on either stream. */
  addToxic(wanted: NewToxic): ToxicEntry {
    const direction = parseDirection(wanted.stream)
    const toxic = this.#kinds.get(wanted.type)
    if (!toxic) throw invalidType()
    const name = wanted.name || `${wanted.type}_${wanted.stream}`
    if (this.find(name)) throw toxicExists()
    const attributes = readAttributes(toxic, wanted.attributes ?? {}, defaultAttributes(toxic))
    const entry: ToxicEntry = {
      name,
      toxic,
      stream: wanted.stream,
      direction,
      toxicity: wanted.toxicity ?? 1,
      attributes,
    }
    this.#chains[direction].push(entry)
    for (const live of [...this.#live]) live[direction].add(entry)
    return entry
  }

  /** Changes what is given. Each live connection rolls the toxicity anew. 404, 400. */
  updateToxic(name: string, change: ToxicChange): ToxicEntry {
    const entry = this.#get(name)
    entry.attributes = readAttributes(entry.toxic, change.attributes ?? {}, entry.attributes)
    entry.toxicity = change.toxicity ?? entry.toxicity
    for (const live of [...this.#live]) live[entry.direction].update(entry)
    return entry
  }

  /** 404. */
  removeToxic(name: string): void {
    const entry = this.#get(name)
    const chain = this.#chains[entry.direction]
    chain.splice(chain.indexOf(entry), 1)
    for (const live of [...this.#live]) live[entry.direction].remove(entry)
  }

  removeAllToxics(): void {
    for (const { name } of this.list()) this.removeToxic(name)
  }

  find(name: string): ToxicEntry | undefined {
    return this.list().find((entry) => entry.name === name)
  }

  /** Upstream first, each stream in the order of adding. */
  list(): ToxicEntry[] {
    return [...this.#chains.upstream, ...this.#chains.downstream]
  }

  /** A connection between a client and the server has come about. Without toxics every chunk passes through within the call that wrote it. */
  connect(sinks: { readonly client: Sink; readonly server: Sink }): Connection {
    const number = this.#connections++
    const close = (direction: Direction) => {
      const sink = live.sinks[direction]
      if (live.abortive) sink.reset()
      else sink.end()
      // That end's socket is closed altogether, so nothing more can be read from it.
      live[direction === 'upstream' ? 'downstream' : 'upstream'].end()
      if (live.upstream.closed && live.downstream.closed) this.#live.delete(live)
    }
    const stream = (direction: Direction, sink: Sink) =>
      new Stream({
        clock: this.#clock,
        random: (toxic) => this.#random.fork(`${number} ${direction} ${toxic}`),
        write: (chunk) => sink.write(chunk),
        onClosed: () => close(direction),
      })
    const live: Live = {
      upstream: stream('upstream', sinks.server),
      downstream: stream('downstream', sinks.client),
      sinks: { upstream: sinks.server, downstream: sinks.client },
      abortive: this.list().some((entry) => entry.toxic.abortive),
    }
    this.#live.add(live)
    for (const entry of this.list()) live[entry.direction].add(entry)
    return { client: live.upstream, server: live.downstream }
  }

  /** Closes every connection, both ends, with whatever is still on its way lost. */
  closeAll(): void {
    for (const { upstream, downstream, sinks, abortive } of this.#live) {
      const open = [
        upstream.closed ? [] : [sinks.upstream],
        downstream.closed ? [] : [sinks.downstream],
      ].flat()
      upstream.kill()
      downstream.kill()
      for (const sink of open) {
        if (abortive) sink.reset()
        else sink.end()
      }
    }
    this.#live.clear()
  }

  #get(name: string): ToxicEntry {
    const entry = this.find(name)
    if (!entry) throw toxicNotFound()
    return entry
  }
}

function parseDirection(stream: string): Direction {
  const direction = stream.toLowerCase()
  if (direction !== 'upstream' && direction !== 'downstream') throw invalidStream()
  return direction
}
