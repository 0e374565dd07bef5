import { VirtualClock } from '../../core/ports/virtual-clock.ts'
import { seededRandom } from '../../core/random.ts'
import type { Connection, Sink } from '../connection.ts'
import { LinkProxy, type LinkProxyOptions } from '../proxy.ts'
import { allToxics } from './toxics.ts'

const toxics = await allToxics()

/** Records what comes out of one end of a connection. Throws if anything follows its end. */
export class RecordingSink implements Sink {
  readonly chunks: { readonly t: number; readonly bytes: Uint8Array }[] = []
  closed: { readonly t: number; readonly by: 'FIN' | 'RST' } | undefined
  readonly #clock: VirtualClock

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  write(chunk: Uint8Array): void {
    if (this.closed) throw new Error('a chunk was written after the end')
    this.chunks.push({ t: this.#clock.now(), bytes: chunk })
  }

  end(): void {
    this.#close('FIN')
  }

  reset(): void {
    this.#close('RST')
  }

  /** The chunks, each with its instant and its length. */
  get arrivals(): [t: number, length: number][] {
    return this.chunks.map(({ t, bytes }) => [t, bytes.length])
  }

  get bytes(): number[] {
    return this.chunks.flatMap(({ bytes }) => [...bytes])
  }

  #close(by: 'FIN' | 'RST'): void {
    if (this.closed) throw new Error('the end was closed twice')
    this.closed = { t: this.#clock.now(), by }
  }
}

export interface RecordedConnection extends Connection {
  readonly toClient: RecordingSink
  readonly toServer: RecordingSink
}

/** A proxy on virtual time with every toxic, and connections with recording sinks. */
export function rig(seed = 1, options: LinkProxyOptions = {}) {
  const clock = new VirtualClock()
  const proxy = new LinkProxy({ clock, random: seededRandom(seed) }, toxics, options)
  return {
    clock,
    proxy,
    add: (
      type: string,
      attributes: Record<string, number> = {},
      stream = 'downstream',
      toxicity = 1,
    ) => proxy.addToxic({ type, stream, attributes, toxicity }),
    connect: (): RecordedConnection => {
      const toClient = new RecordingSink(clock)
      const toServer = new RecordingSink(clock)
      const { client, server } = proxy.connect({ client: toClient, server: toServer })
      return { client, server, toClient, toServer }
    },
  }
}

/** Returns `length` bytes that differ by position. */
export const bytes = (length: number, from = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (from + i) % 251)
