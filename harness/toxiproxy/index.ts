import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { messageOf, Problem } from '../core/problem.ts'
import { type Random, seededRandom } from '../core/random.ts'
import type { Toxic } from '../link/toxic.ts'
import { formatAddress } from './address.ts'
import { api } from './api.ts'
import { realClock } from './clock.ts'
import { Proxies, type ProxiesPorts } from './proxies.ts'

export interface ToxiproxyOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string
  /** 0: any free port. Default: 8474, as Toxiproxy. */
  readonly port?: number
  /** The available toxics, by type. */
  readonly toxics: ReadonlyMap<string, Toxic>
  /** Decides toxicity and jitter. Default: a random seed. */
  readonly random?: Random
  /** Returns the trace of a new proxy's link. Default: nothing is traced. */
  readonly traceOf?: ProxiesPorts['traceOf']
}

export interface RunningToxiproxy {
  readonly url: string
  /** Closes the API, every proxy and every connection. */
  close(): Promise<void>
}

/**
 * Starts a server with the HTTP API of Toxiproxy 2.12.0 on our toxics. Throws a Problem if it
 * cannot listen.
 *
 * @example
 * const server = await startToxiproxy({ port: 0, toxics: new Map([['noop', noop]]) })
 * console.log(`a client of Toxiproxy connects to ${server.url}`)
 * await server.close()
 */
export async function startToxiproxy({
  host = '127.0.0.1',
  port = 8474,
  toxics,
  random = seededRandom(randomInt(2 ** 31)),
  traceOf,
}: ToxiproxyOptions): Promise<RunningToxiproxy> {
  const proxies = new Proxies({ clock: realClock(), random, traceOf }, toxics)
  const server = createServer(api(proxies))
  server.listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (cause) {
    const inUse = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
    const why = inUse
      ? 'the port is in use; stop the program there, or choose another port'
      : messageOf(cause)
    throw new Problem(`Toxiproxy cannot listen on ${formatAddress({ host, port })}: ${why}`, {
      cause,
    })
  }
  const { address, port: actual } = server.address() as AddressInfo
  return {
    url: `http://${formatAddress({ host: address, port: actual })}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await proxies.close()
      await closed
    },
  }
}
