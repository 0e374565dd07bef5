import type { Clock } from '../core/ports/clock.ts'
import type { Random } from '../core/random.ts'
import { ToxicError } from '../link/errors.ts'
import { LinkProxy } from '../link/proxy.ts'
import type { Toxic } from '../link/toxic.ts'
import type { LinkTrace } from '../link/trace.ts'
import { type ProxyFields, TcpProxy } from './tcp-proxy.ts'

export interface ProxyConfig extends ProxyFields {
  readonly enabled: boolean
}

export interface ProxiesPorts {
  readonly clock: Clock
  readonly random: Random
  /** Returns the trace of this proxy's link, or undefined. Called when the proxy is created. */
  readonly traceOf?: ((proxy: string) => LinkTrace | undefined) | undefined
}

/** All proxies, by name. The caller must run calls that change something one at a time. */
export class Proxies {
  readonly #ports: ProxiesPorts
  readonly #toxics: ReadonlyMap<string, Toxic>
  readonly #byName = new Map<string, TcpProxy>()

  constructor(ports: ProxiesPorts, toxics: ReadonlyMap<string, Toxic>) {
    this.#ports = ports
    this.#toxics = toxics
  }

  /** Returns the proxies, sorted by name. */
  all(): TcpProxy[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Throws a ToxicError: 404 for the name. */
  get(name: string): TcpProxy {
    const proxy = this.#byName.get(name)
    if (!proxy) throw new ToxicError(404, 'proxy not found')
    return proxy
  }

  /** Throws a ToxicError (409) if the name exists, a Problem if the proxy cannot listen. */
  async add(config: ProxyConfig): Promise<TcpProxy> {
    if (this.#byName.has(config.name)) throw new ToxicError(409, 'proxy already exists')
    return this.#create(config)
  }

  /**
   * Keeps an existing proxy with the same addresses as it is. Replaces one with other addresses by
   * a new proxy without toxics.
   */
  async addOrReplace(config: ProxyConfig): Promise<TcpProxy> {
    const existing = this.#byName.get(config.name)
    if (existing) {
      if (!(await existing.differs(config))) return existing
      await existing.stop()
    }
    return this.#create(config)
  }

  async update(name: string, config: Omit<ProxyConfig, 'name'>): Promise<TcpProxy> {
    const proxy = this.get(name)
    if (await proxy.differs(config)) {
      await proxy.stop()
      proxy.listen = config.listen
      proxy.upstream = config.upstream
    }
    if (config.enabled) await proxy.start()
    else await proxy.stop()
    return proxy
  }

  async remove(name: string): Promise<void> {
    await this.get(name).stop()
    this.#byName.delete(name)
  }

  /** Enables every proxy and removes all toxics. */
  async reset(): Promise<void> {
    for (const proxy of this.all()) {
      await proxy.start()
      proxy.link.removeAllToxics()
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map((proxy) => proxy.stop()))
  }

  async #create(config: ProxyConfig): Promise<TcpProxy> {
    const { clock, random, traceOf } = this.#ports
    const { name } = config
    const link = new LinkProxy({ clock, random: random.fork(name) }, this.#toxics, {
      trace: traceOf?.(name),
    })
    const proxy = new TcpProxy(config, link)
    if (config.enabled) await proxy.start()
    this.#byName.set(name, proxy)
    return proxy
  }
}
