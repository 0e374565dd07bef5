import type { Clock } from '../core/ports/clock.ts'
import type { Random } from '../core/random.ts'
import { ToxicError } from '../link/errors.ts'
import { LinkProxy } from '../link/proxy.ts'
import type { Toxic } from '../link/toxic.ts'
import { type ProxyFields, TcpProxy } from './tcp-proxy.ts'

export interface ProxyConfig extends ProxyFields {
  readonly enabled: boolean
}

/** All proxies, by name. Calls that change something must not overlap: whoever calls sees to that. */
export class Proxies {
  readonly #ports: { readonly clock: Clock; readonly random: Random }
  readonly #toxics: ReadonlyMap<string, Toxic>
  readonly #byName = new Map<string, TcpProxy>()

  constructor(
    ports: { readonly clock: Clock; readonly random: Random },
    toxics: ReadonlyMap<string, Toxic>,
  ) {
    this.#ports = ports
    this.#toxics = toxics
  }

  /** Sorted by name. */
  all(): TcpProxy[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** 404. */
  get(name: string): TcpProxy {
    const proxy = this.#byName.get(name)
    if (!proxy) throw new ToxicError(404, 'proxy not found')
    return proxy
  }

  /** 409. A Problem when it cannot listen. */
  async add(wanted: ProxyConfig): Promise<TcpProxy> {
    if (this.#byName.has(wanted.name)) throw new ToxicError(409, 'proxy already exists')
    return this.#put(wanted)
  }

  /** Leaves one with the same addresses as it is; another gives way to a new one without toxics. */
  async addOrReplace(wanted: ProxyConfig): Promise<TcpProxy> {
    const existing = this.#byName.get(wanted.name)
    if (existing) {
      if (!(await existing.differs(wanted))) return existing
      await existing.stop()
    }
    return this.#put(wanted)
  }

  async update(name: string, wanted: Omit<ProxyConfig, 'name'>): Promise<TcpProxy> {
    const proxy = this.get(name)
    if (await proxy.differs(wanted)) {
      await proxy.stop()
      proxy.listen = wanted.listen
      proxy.upstream = wanted.upstream
    }
    if (wanted.enabled) await proxy.start()
    else await proxy.stop()
    return proxy
  }

  async remove(name: string): Promise<void> {
    await this.get(name).stop()
    this.#byName.delete(name)
  }

  /** Every proxy runs, and none has a toxic. */
  async reset(): Promise<void> {
    for (const proxy of this.all()) {
      await proxy.start()
      proxy.link.removeAllToxics()
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map((proxy) => proxy.stop()))
  }

  async #put(wanted: ProxyConfig): Promise<TcpProxy> {
    const { clock, random } = this.#ports
    const proxy = new TcpProxy(
      wanted,
      new LinkProxy({ clock, random: random.fork(wanted.name) }, this.#toxics),
    )
    if (wanted.enabled) await proxy.start()
    this.#byName.set(wanted.name, proxy)
    return proxy
  }
}
