import type { Clock } from '../core/ports/clock.ts'
import type { Random } from '../core/random.ts'
import type { Connection, Sink } from './connection.ts'
import {
  type Direction,
  defaultAttributes,
  type NewToxic,
  readAttributes,
  type ToxicEntry,
  type ToxicUpdate,
} from './entry.ts'
import { invalidStream, invalidType, toxicExists, toxicNotFound } from './errors.ts'
import { LiveConnection } from './live-connection.ts'
import type { Toxic } from './toxic.ts'
import { type LinkTrace, withPrefix } from './trace.ts'

export interface LinkProxyOptions {
  /** Receives one line for each thing that happens on this link. Default: nothing is traced. */
  readonly trace?: LinkTrace | undefined
}

/**
 * The toxics between clients and one server, and the connections that pass through them. Listening,
 * dialling and refusing are left to the owner of the sockets.
 *
 * Calls throw a ToxicError where Toxiproxy's API responds with an error.
 */
export class LinkProxy {
  readonly #clock: Clock
  readonly #random: Random
  readonly #types: ReadonlyMap<string, Toxic>
  readonly #trace: LinkTrace | undefined
  readonly #chains: Readonly<Record<Direction, ToxicEntry[]>> = { upstream: [], downstream: [] }
  readonly #live = new Set<LiveConnection>()
  #connectionCount = 0

  /** `toxics` are the available toxics, by type. */
  constructor(
    ports: { readonly clock: Clock; readonly random: Random },
    toxics: ReadonlyMap<string, Toxic>,
    { trace }: LinkProxyOptions = {},
  ) {
    this.#clock = ports.clock
    this.#random = ports.random
    this.#types = toxics
    this.#trace = trace
  }

  /**
   * Adds a toxic to the end of its chain, on open connections too. Throws a ToxicError: 400 for the
   * stream, type or attributes, 409 if either stream has a toxic of this name.
   */
  addToxic(request: NewToxic): ToxicEntry {
    const direction = parseDirection(request.stream)
    const toxic = this.#types.get(request.type)
    if (!toxic) throw invalidType()
    const name = request.name || `${request.type}_${request.stream}`
    if (this.find(name)) throw toxicExists()
    const attributes = readAttributes(toxic, request.attributes ?? {}, defaultAttributes(toxic))
    const entry: ToxicEntry = {
      name,
      toxic,
      stream: request.stream,
      direction,
      toxicity: request.toxicity ?? 1,
      attributes,
    }
    this.#chains[direction].push(entry)
    this.#trace?.(`toxic ${name} added: ${describe(entry)}`)
    for (const live of [...this.#live]) live.streams[direction].add(entry)
    return entry
  }

  /**
   * Changes the given fields. Each open connection rolls the toxicity again. Throws a ToxicError:
   * 404 for the name, 400 for the attributes.
   */
  updateToxic(name: string, update: ToxicUpdate): ToxicEntry {
    const entry = this.#get(name)
    entry.attributes = readAttributes(entry.toxic, update.attributes ?? {}, entry.attributes)
    entry.toxicity = update.toxicity ?? entry.toxicity
    this.#trace?.(`toxic ${name} updated: ${describe(entry)}`)
    for (const live of [...this.#live]) live.streams[entry.direction].update(entry)
    return entry
  }

  /** Throws a ToxicError: 404 for the name. */
  removeToxic(name: string): void {
    const entry = this.#get(name)
    const chain = this.#chains[entry.direction]
    chain.splice(chain.indexOf(entry), 1)
    this.#trace?.(`toxic ${name} removed`)
    for (const live of [...this.#live]) live.streams[entry.direction].remove(entry)
  }

  removeAllToxics(): void {
    for (const { name } of this.list()) this.removeToxic(name)
  }

  find(name: string): ToxicEntry | undefined {
    return this.list().find((entry) => entry.name === name)
  }

  /** Returns the toxics: upstream first, each stream in the order of adding. */
  list(): ToxicEntry[] {
    return [...this.#chains.upstream, ...this.#chains.downstream]
  }

  /**
   * Opens a connection between a client and the server. While there are no toxics, each chunk comes
   * out during the call that wrote it.
   */
  connect(sinks: { readonly client: Sink; readonly server: Sink }): Connection {
    const number = this.#connectionCount++
    const trace = this.#trace
    trace?.(`connection ${number}: opened`)
    const live: LiveConnection = new LiveConnection({
      clock: this.#clock,
      random: (direction, toxic) => this.#random.fork(`${number} ${direction} ${toxic}`),
      sinks: { upstream: sinks.server, downstream: sinks.client },
      abortive: this.list().some((entry) => entry.toxic.abortive),
      onClosed: () => this.#live.delete(live),
      trace: trace && withPrefix(`connection ${number} `, trace),
    })
    this.#live.add(live)
    for (const entry of this.list()) live.streams[entry.direction].add(entry)
    return live
  }

  /** Closes both ends of every connection. Data still on its way is lost. */
  closeAll(): void {
    for (const live of this.#live) live.closeNow()
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

function describe({ toxic, direction, toxicity, attributes }: ToxicEntry): string {
  const values = Object.entries(attributes).map(([name, value]) => `${name} ${value}`)
  return [`${toxic.type} ${direction}`, ...values, `toxicity ${toxicity}`].join(', ')
}
