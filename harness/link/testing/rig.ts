import { VirtualClock } from '../../core/ports/virtual-clock.ts'
import { seededRandom } from '../../core/random.ts'
import type { Connection, Sink } from '../connection.ts'
import { LinkProxy, type LinkProxyOptions } from '../proxy.ts'
import { allToxics } from './toxics.ts'

const toxics = await allToxics()

/** What came out of one end of a connection, each with the instant it came. */
export class Outlet implements Sink {
  readonly chunks: { readonly t: number; readonly bytes: Uint8Array }[] = []
  closed: { readonly t: number; readonly by: 'FIN' | 'RST' } | undefined
  readonly #clock: VirtualClock

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  write(chunk: Uint8Array): void {
    if (this.closed) throw new Error('a chunk came out after the end')
    this.chunks.push({ t: this.#clock.now(), bytes: chunk })
  }

  end(): void {
    this.#close('FIN')
  }

  reset(): void {
    this.#close('RST')
  }

  /** The instants at which chunks came, with their lengths. */
  get arrivals(): [t: number, length: number][] {
    return this.chunks.map(({ t, bytes }) => [t, bytes.length])
  }

  get bytes(): number[] {
    return this.chunks.flatMap(({ bytes }) => [...bytes])
  }

  #close(by: 'FIN' | 'RST'): void {
    if (this.closed) throw new Error('an end that was closed is closed again')
    this.closed = { t: this.#clock.now(), by }
  }
}

export interface Rigged extends Connection {
  /** What reaches the client, and what reaches the server. */
  readonly toClient: Outlet
  readonly toServer: Outlet
}

/** A proxy on virtual time with all toxics, and connections whose ends write down what comes out. */
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
    connect: (): Rigged => {
      const toClient = new Outlet(clock)
      const toServer = new Outlet(clock)
      const { client, server } = proxy.connect({ client: toClient, server: toServer })
      return { client, server, toClient, toServer }
    },
  }
}

/** `length` bytes that tell their places apart. */
export const bytes = (length: number, from = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (from + i) % 251)
