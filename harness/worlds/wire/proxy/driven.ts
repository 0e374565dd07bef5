import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { Toxiproxy } from 'toxiproxy-node-client'
import { Problem } from '../../../core/problem.ts'
import type { Toxic } from '../../../link/toxic.ts'
import { reservePort } from '../free-port.ts'
import { TOXIPROXY_REACH_TIMEOUT_MS } from '../timeouts.ts'
import { requested, ToxiproxyLink } from './link.ts'
import type { LinkOptions, ProxyServer, Running, WireLink } from './server.ts'
import { versionOf } from './version.ts'

/** More than one, because another process may bind a reserved port before Toxiproxy does. */
const ATTEMPTS_MAX = 5

/**
 * Drives a running Toxiproxy through its public client. Throws a Problem if connections through it
 * do not reach this machine.
 */
export async function drive(
  running: Running,
  toxics: ReadonlyMap<string, Toxic>,
): Promise<ProxyServer> {
  try {
    const version = await versionOf(running.url)
    const server = new DrivenServer(running, `Toxiproxy ${version} (${running.kind})`, toxics)
    await proveReach(server, running.url)
    return server
  } catch (cause) {
    await running.close()
    throw cause
  }
}

class DrivenServer implements ProxyServer {
  readonly about: string
  readonly #running: Running
  readonly #toxics: ReadonlyMap<string, Toxic>
  readonly #api: Toxiproxy
  readonly #links = new Set<WireLink>()
  #closing: Promise<void> | undefined

  constructor(running: Running, about: string, toxics: ReadonlyMap<string, Toxic>) {
    this.#running = running
    this.about = about
    this.#toxics = toxics
    this.#api = new Toxiproxy(running.url)
  }

  async createLink(
    name: string,
    upstream: string,
    { timeScale = 1, trace }: LinkOptions = {},
  ): Promise<WireLink> {
    if (trace) this.#running.traces?.set(name, trace)
    for (let attempt = 1; ; attempt++) {
      // A reserved port, not port 0: it must stay free while the link is disabled.
      const { port, release } = await reservePort()
      try {
        const body = { name, listen: `127.0.0.1:${port}`, upstream, enabled: true }
        const proxy = await requested(
          `listen on ${body.listen} for ${name}`,
          this.#api.createProxy(body),
        )
        const link: WireLink = new ToxiproxyLink(proxy, this.#toxics, timeScale, () => {
          release()
          this.#running.traces?.delete(name)
          this.#links.delete(link)
        })
        this.#links.add(link)
        return link
      } catch (cause) {
        release()
        if (attempt === ATTEMPTS_MAX) throw cause
      }
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    // Toxiproxy may have exited before us, because Ctrl-C reaches every process at a terminal: then
    // there is nothing to remove.
    await Promise.allSettled([...this.#links].map((link) => link.remove()))
    await this.#running.close()
  }
}

/** Detects a Toxiproxy in another network: it responds, but its links do not reach our loopback. */
async function proveReach(server: ProxyServer, url: string): Promise<void> {
  const target = createServer((socket) => socket.end('reached'))
  target.listen(0, '127.0.0.1')
  await once(target, 'listening')
  const link = await server.createLink(
    `tunnelproof-probe-${randomUUID()}`,
    `127.0.0.1:${(target.address() as AddressInfo).port}`,
  )
  try {
    const port = Number(link.address.split(':').at(-1))
    const socket = connect({ host: '127.0.0.1', port })
    socket.setTimeout(TOXIPROXY_REACH_TIMEOUT_MS, () => socket.destroy())
    const reached = await new Promise<boolean>((resolve) => {
      socket.on('data', () => resolve(true))
      socket.on('error', () => resolve(false))
      socket.on('close', () => resolve(false))
    })
    socket.destroy()
    if (!reached) {
      throw new Problem(
        `Toxiproxy at ${url} answers, but connections through it do not reach this machine: ` +
          'use a Toxiproxy in the same network, or --toxiproxy embedded',
      )
    }
  } finally {
    await link.remove()
    await new Promise((resolve) => target.close(resolve))
  }
}
