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
import { Proxies } from './proxies.ts'

export interface ToxiproxyOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string
  /** 0 for any free one. Default: 8474, Toxiproxy's own. */
  readonly port?: number
  /** The kinds of toxic to offer, by type. */
  readonly toxics: ReadonlyMap<string, Toxic>
  /** Decides toxicity and jitter. Default: chance. */
  readonly random?: Random
}

export interface RunningToxiproxy {
  readonly url: string
  /** Ends the API, every proxy and every connection. */
  close(): Promise<void>
}

/** A server with the HTTP API of Toxiproxy 2.12.0, on our toxics. Throws a Problem when it cannot listen. */
export async function startToxiproxy({
  host = '127.0.0.1',
  port = 8474,
  toxics,
  random = seededRandom(randomInt(2 ** 31)),
}: ToxiproxyOptions): Promise<RunningToxiproxy> {
  const proxies = new Proxies({ clock: realClock(), random }, toxics)
  const server = createServer(api(proxies))
  server.listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (cause) {
    const taken = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
    const why = taken
      ? 'the port is taken; end what listens there or choose another port'
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
