import type { Event, EventBody } from '../../core/event.ts'
import { History } from '../../core/history.ts'
import { historyHead } from '../../core/history-head.ts'
import { VirtualClock } from '../../core/ports/virtual-clock.ts'
import { seededRandom } from '../../core/random.ts'
import type { Setting, Stage, StagedLink, World } from '../../core/world.ts'
import { LinkProxy } from '../../link/proxy.ts'
import type { Toxic } from '../../link/toxic.ts'
import { SimDevice } from './device.ts'
import { Network } from './network.ts'
import { SimServer } from './server.ts'

export interface SimOptions {
  readonly toxics: ReadonlyMap<string, Toxic>
  /**
   * Subscribes to unhandled promise rejections (in Node the process's 'unhandledRejection') and
   * returns the unsubscribe function. A rejection counts against the client whose code ran last.
   */
  readonly onUnhandledRejection?: (handler: (error: unknown) => void) => () => void
}

/**
 * Client, server and links in this one process, on virtual time: nothing but the seed decides. A kill revokes an incarnation's ports: its
 * sends never resolve, its timers never fire, its writes are void.
 */
export function simWorld(options: SimOptions): World {
  return {
    name: 'sim',
    about: 'virtual time, in one process',
    // One after the other: they would only share the core.
    concurrency: 1,
    open: async (setting) => {
      const stage = new SimStage(setting, options)
      await stage.begin()
      return stage
    },
    close: async () => {},
  }
}

class SimStage implements Stage {
  readonly #setting: Setting
  readonly #clock = new VirtualClock()
  readonly #events: Event[] = []
  readonly #devices = new Map<string, SimDevice>()
  readonly #links = new Map<string, StagedLink>()
  readonly server: SimServer
  readonly #unsubscribe: () => void
  #currentOwner: ((error: unknown) => void) | undefined

  constructor(setting: Setting, { toxics, onUnhandledRejection }: SimOptions) {
    this.#setting = setting
    const { scenario, client, server, seed } = setting
    const random = seededRandom(seed)
    const clock = this.#clock
    const emit = (body: EventBody, node: string) => this.emit(body, node)
    const networks: Network[] = []
    this.server = new SimServer({
      definition: server,
      policy: scenario.policy,
      clock,
      random: random.fork('server'),
      emit,
      onDeath: () => {
        for (const network of networks) network.dropServer()
      },
    })
    for (const { name, user } of scenario.devices) {
      const proxy = new LinkProxy({ clock, random: random.fork(`link/${name}`) }, toxics)
      const network = new Network(clock, random.fork(`network/${name}`), proxy, this.server.accept)
      networks.push(network)
      this.#links.set(name, simLink(proxy, network))
      this.#devices.set(
        name,
        new SimDevice({
          identity: { device: name, user },
          definition: client,
          clock,
          random: random.fork('client'),
          network,
          emit,
          beforeClientCode: (onError) => {
            this.#currentOwner = onError
          },
        }),
      )
    }
    this.#unsubscribe = onUnhandledRejection?.((error) => this.#currentOwner?.(error)) ?? (() => {})
  }

  async begin(): Promise<void> {
    await this.server.start()
    for (const device of this.#devices.values()) await device.start()
  }

  now(): number {
    return this.#clock.now()
  }

  until(instant: number): Promise<void> {
    return this.#clock.until(instant)
  }

  device(name: string): SimDevice {
    return found(this.#devices, name)
  }

  link(device: string): StagedLink {
    return found(this.#links, device)
  }

  emit(body: EventBody, node = 'harness'): void {
    // A thousandth of a millisecond is finer than anything here, and keeps binary fractions out of the file.
    const t = Math.round(this.#clock.now() * 1000) / 1000
    this.#events.push({ ...body, seq: this.#events.length, t, node })
  }

  async history(): Promise<History> {
    const head = historyHead({ ...this.#setting, timeScale: 1 }, 'sim')
    return new History(head, [...this.#events])
  }

  strain(): number {
    return 0
  }

  async close(): Promise<void> {
    this.#unsubscribe()
    for (const device of this.#devices.values()) await device.kill()
    await this.server.kill()
  }
}

function simLink(proxy: LinkProxy, network: Network): StagedLink {
  return {
    addToxic: async (name, toxic) => {
      proxy.addToxic({ name, ...toxic })
    },
    removeToxic: async (name) => {
      proxy.removeToxic(name)
    },
    breakConnections: async () => network.breakAll(),
    enable: async (enabled) => {
      network.enabled = enabled
      if (!enabled) network.breakAll()
    },
  }
}

function found<Value>(map: ReadonlyMap<string, Value>, name: string): Value {
  const value = map.get(name)
  if (!value)
    throw new Error(`no device '${name}' on this stage; there are ${[...map.keys()].join(', ')}`)
  return value
}
