import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { deathsOf } from '../../core/deaths.ts'
import type { Effect } from '../../core/effect.ts'
import type { EventBody } from '../../core/event.ts'
import { History } from '../../core/history.ts'
import { historyHead } from '../../core/history-head.ts'
import { Problem } from '../../core/problem.ts'
import type { Setting, Stage, StagedDevice, StagedLink, StagedServer } from '../../core/world.ts'
import { WireDevice } from './device.ts'
import { EventLog } from './event-log.ts'
import { reservePort } from './free-port.ts'
import { WireClock } from './ports/clock.ts'
import { HostProcess } from './process/host-process.ts'
import { watchLateness } from './process/lateness.ts'
import { hostScript, nodeCommand } from './process/launch.ts'
import { Node } from './process/node-supervisor.ts'
import type { Warden } from './process/warden.ts'
import type { ProxyServer, WireLink } from './proxy/index.ts'
import { WireServer } from './server.ts'

export interface Ground {
  readonly proxy: ProxyServer
  readonly warden: Warden
  readonly effects: ReadonlyMap<string, Effect>
  /** File URL of a {@link Transport}. */
  readonly transport: string
  /** Where the stage's own folder is made. */
  readonly tempFolder: string
  /** Unique among the stages of this world. */
  readonly number: number
}

/** Real milliseconds between all being ready and scenario time 0: time for the start commands to arrive. */
const LEAD_MS = 15
/** Real milliseconds in which clients may let go of what they hold, when there is no hurry. */
const FAREWELL_MS = 100

/** One scenario on real processes. Made closed; {@link WireStage.open} brings it up, and ends what it started when that fails. */
export class WireStage implements Stage {
  readonly #setting: Setting
  readonly #ground: Ground
  readonly #clock: WireClock
  readonly #log: EventLog
  readonly #devices = new Map<string, WireDevice>()
  readonly #links = new Map<string, WireLink>()
  readonly #nodes: Node[] = []
  readonly #undo: (() => unknown)[] = []
  #server: WireServer | undefined
  #latest = 0
  #opening: Promise<void> | undefined
  #ending: Promise<void> | undefined

  constructor(setting: Setting, ground: Ground) {
    this.#setting = setting
    this.#ground = ground
    this.#clock = new WireClock(setting.timeScale)
    this.#log = new EventLog(this.#clock)
  }

  async open(): Promise<this> {
    this.#opening = this.#open()
    try {
      await this.#opening
      return this
    } catch (error) {
      await this.end(0)
      throw error
    }
  }

  async #open(): Promise<void> {
    this.#mustBeWanted()
    const { scenario, client, timeScale, seed } = this.#setting
    const folder = await this.#makeFolder()
    const { port, release } = await reservePort()
    this.#undo.push(release)
    const server = await this.#openServer(folder, port)
    const moduleOrProgram =
      client.command ?? nodeCommand(hostScript('device'), [moduleOf(client, 'client')])
    for (const { name, user } of scenario.devices) {
      const node = this.#node(name, 'device', moduleOrProgram, this.#deaths(name))
      const home = join(folder, name)
      await mkdir(home)
      const link = await this.#ground.proxy.createLink(
        `tunnelproof-${process.pid}-${this.#ground.number}-${name}`,
        `127.0.0.1:${port}`,
        {
          timeScale,
        },
      )
      this.#links.set(name, link)
      this.#devices.set(
        name,
        new WireDevice({
          identity: { device: name, user },
          node,
          log: this.#log,
          clock: this.#clock,
          server: `http://${link.address}`,
          folder: home,
          timeScale,
          seed,
        }),
      )
    }
    await Promise.all(this.#nodes.map((node) => node.prepared()))
    await server.open()
    const origin = process.hrtime.bigint() + BigInt(LEAD_MS * 1e6)
    this.#clock.begin(origin)
    server.begin(origin)
    await Promise.all([...this.#devices.values()].map((device) => device.begin(origin)))
    await this.until(0)
    const watch = watchLateness((ms) => this.#late(ms))
    this.#undo.push(() => watch.stop())
  }

  now(): number {
    return this.#clock.exact()
  }

  until(instant: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(instant - this.#clock.now(), () => {
        this.#late((this.#clock.exact() - instant) / this.#setting.timeScale)
        resolve()
      })
    })
  }

  device(name: string): StagedDevice {
    return known(this.#devices, name)
  }

  get server(): StagedServer {
    if (!this.#server) throw new Error('the stage is not open')
    return this.#server
  }

  link(device: string): StagedLink {
    return known(this.#links, device)
  }

  emit(body: EventBody, node = 'harness'): void {
    this.#log.record(node, body)
  }

  async history(): Promise<History> {
    await Promise.all(this.#nodes.map((node) => node.sync()))
    return new History(historyHead(this.#setting, 'wire'), this.#log.merged())
  }

  strain(): number {
    return this.#latest * this.#setting.timeScale
  }

  close(): Promise<void> {
    return this.end(FAREWELL_MS)
  }

  /** As {@link close}, with this many real milliseconds for farewells. */
  end(politely: number): Promise<void> {
    this.#ending ??= this.#end(politely)
    return this.#ending
  }

  async #end(politely: number): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.close(politely)))
    // One that is still being brought up fails now that its processes are gone.
    await this.#opening?.catch(() => {})
    // The proxy may be gone already: it is on the way out too.
    await Promise.allSettled([...this.#links.values()].map((link) => link.remove()))
    for (const step of this.#undo.reverse()) await step()
  }

  async #makeFolder(): Promise<string> {
    const { warden, tempFolder } = this.#ground
    const path = await mkdtemp(join(tempFolder, 'tunnelproof-'))
    warden.tell({ type: 'folder', path })
    this.#undo.push(async () => {
      await rm(path, { recursive: true, force: true, maxRetries: 5 })
      warden.tell({ type: 'removed', path })
    })
    return path
  }

  async #openServer(folder: string, port: number): Promise<WireServer> {
    const { scenario, server, timeScale, seed } = this.#setting
    const home = join(folder, 'server')
    await mkdir(home)
    const command = nodeCommand(hostScript('server'), [
      moduleOf(server, 'server'),
      this.#ground.transport,
    ])
    const node = this.#node('server', 'server', command, this.#deaths('server'), (event) =>
      opened.heard(event),
    )
    const opened = new WireServer({
      node,
      log: this.#log,
      port,
      folder: home,
      policy: scenario.policy,
      timeScale,
      seed,
    })
    this.#server = opened
    return opened
  }

  #node(
    name: string,
    kind: 'device' | 'server',
    command: readonly string[],
    deaths: number,
    onEvent?: (event: EventBody) => void,
  ): Node {
    this.#mustBeWanted()
    const node = new Node({
      name,
      kind,
      log: this.#log,
      spawn: () => new HostProcess(command, this.#ground.warden),
      deaths,
      onLate: (ms) => this.#late(ms),
      ...(onEvent && { onEvent }),
    })
    this.#nodes.push(node)
    return node
  }

  /** How often the scenario kills a device or the server. */
  #deaths(node: string): number {
    return deathsOf(this.#setting.scenario, this.#ground.effects).get(node) ?? 0
  }

  #mustBeWanted(): void {
    if (this.#ending) throw new Error('the stage was closed before it was up')
  }

  #late(ms: number): void {
    this.#latest = Math.max(this.#latest, ms)
  }
}

function moduleOf(
  definition: { readonly name: string; readonly module?: string },
  kind: string,
): string {
  if (definition.module !== undefined) return definition.module
  throw new Problem(
    `the ${kind} '${definition.name}' has no module; a process of its own loads it anew, so say which file it came from`,
  )
}

function known<Value>(map: ReadonlyMap<string, Value>, device: string): Value {
  const found = map.get(device)
  if (found === undefined)
    throw new Error(`no device '${device}'; there are ${[...map.keys()].join(', ')}`)
  return found
}
