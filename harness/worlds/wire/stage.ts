import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Activity } from '../../core/activity.ts'
import { deathsOf } from '../../core/deaths.ts'
import type { Effect } from '../../core/effect.ts'
import type { EventBody } from '../../core/event.ts'
import { History } from '../../core/history.ts'
import { historyHead } from '../../core/history-head.ts'
import type { ServerProgram } from '../../core/server.ts'
import type { TraceChannel } from '../../core/trace.ts'
import type { Setting, Stage, StagedDevice, StagedLink, StagedServer } from '../../core/world.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import { stageGateway } from '../../gateway/stage-gateway.ts'
import { httpLine, tracedLink } from '../host/trace.ts'
import type { ProcessCode } from './code/process-code.ts'
import { clientCommand, serverCommand } from './commands.ts'
import { WireDevice } from './device.ts'
import { EventLog } from './event-log.ts'
import { reservePort } from './free-port.ts'
import { WireClock } from './ports/clock.ts'
import { watchLateness } from './process/lateness.ts'
import { type NodeOptions, NodeSupervisor } from './process/node-supervisor.ts'
import { ProtocolProcess } from './process/protocol-process.ts'
import type { Warden } from './process/warden.ts'
import { ProgramServer } from './program/program-server.ts'
import type { ProxyServer, WireLink } from './proxy/index.ts'
import { DeviceRelay } from './relay/device-relay.ts'
import { limitEvent } from './relay/limits.ts'
import type { Relay } from './relay/relay.ts'
import { openServerRelay } from './relay/server-relay.ts'
import { WireServer } from './server.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { freezeAfterMs, START_LEAD_MS, STOP_GRACE_MS, SYNC_MARGIN_MS } from './timeouts.ts'
import type { Certificate, ThrowawayAuthority } from './tls/throwaway-authority.ts'
import { trustingEnvironment } from './tls/trusting-environment.ts'

/** The part of a stage that its world provides. */
export interface StageResources {
  readonly proxy: ProxyServer
  readonly warden: Warden
  readonly effects: ReadonlyMap<string, Effect>
  readonly code: ProcessCode
  readonly authority: ThrowawayAuthority
  /** File URL of a {@link Transport}. */
  readonly transport: string
  /** Parent of the stage's own folder. */
  readonly tempFolder: string
  /** Unique among the stages of this world. */
  readonly number: number
}

/** The channels that only the processes can trace. */
const PROCESS_CHANNELS: readonly TraceChannel[] = ['db', 'timers']

/**
 * Stage of one scenario on real processes. {@link WireStage.open} starts everything; if that fails,
 * it ends everything it has started.
 */
export class WireStage implements Stage {
  readonly #setting: Setting
  readonly #resources: StageResources
  readonly #clock: WireClock
  readonly gateway: Gateway
  readonly #log: EventLog
  readonly #activity: Activity
  /** The channels that the processes trace. */
  readonly #processTrace: readonly TraceChannel[]
  readonly #devices = new Map<string, WireDevice>()
  /** The links that the scenario changes, with a trace if the channel is on. */
  readonly #stagedLinks = new Map<string, StagedLink>()
  readonly #links: WireLink[] = []
  readonly #supervisors: Pick<NodeSupervisor, 'prepared' | 'sync' | 'close'>[] = []
  readonly #deviceRelays: DeviceRelay[] = []
  readonly #cleanups: (() => unknown)[] = []
  #server: WireServer | ProgramServer | undefined
  #worstLatenessMs = 0
  #opening: Promise<void> | undefined
  #ending: Promise<void> | undefined

  constructor(setting: Setting, resources: StageResources) {
    const { trace, timeScale, scenario } = setting
    this.#setting = setting
    this.#resources = resources
    this.#clock = new WireClock(timeScale)
    this.gateway = stageGateway(this, this.#clock)
    this.#activity = new Activity(scenario.devices.map(({ name }) => name))
    this.#log = new EventLog(this.#clock, (event, t, node) => {
      this.#activity.see(event, t, node)
      if (trace?.has('http')) this.#traceHttp(event, t, node)
    })
    this.#processTrace = PROCESS_CHANNELS.filter((channel) => trace?.has(channel))
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
    this.#assertOpen()
    const folder = await this.#makeFolder()
    const { port, release } = await reservePort()
    this.#cleanups.push(release)
    const server = await this.#addServer(folder, port)
    for (const { name, user } of this.#setting.scenario.devices) {
      await this.#addDevice({ device: name, user }, folder, port)
    }
    await Promise.all(this.#supervisors.map((supervisor) => supervisor.prepared()))
    await server.open()
    const { installMaxMs } = this.#setting.client
    if (installMaxMs !== undefined) {
      const devices = [...this.#devices.values()]
      await Promise.all(devices.map((device) => device.install(installMaxMs)))
    }
    await this.#beginTime(server)
  }

  now(): number {
    return this.#clock.exact()
  }

  until(instant: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(instant - this.#clock.now(), () => {
        this.#noteLateness((this.#clock.exact() - instant) / this.#setting.timeScale)
        resolve()
      })
    })
  }

  device(name: string): StagedDevice {
    return find(this.#devices, name)
  }

  get server(): StagedServer {
    if (!this.#server) throw new Error('the stage is not open')
    return this.#server
  }

  link(device: string): StagedLink {
    return find(this.#stagedLinks, device)
  }

  emit(body: EventBody, node = 'harness'): void {
    this.#log.emit(body, node)
  }

  async history(): Promise<History> {
    await Promise.all([...this.#supervisors, ...this.#deviceRelays].map((each) => each.sync()))
    return new History(historyHead(this.#setting, 'wire'), this.#log.merged())
  }

  restingSince(): number | undefined {
    return this.#activity.restingSince()
  }

  strain(): number {
    return this.#worstLatenessMs * this.#setting.timeScale
  }

  close(): Promise<void> {
    return this.end(STOP_GRACE_MS)
  }

  /** Closes the stage. Clients get `graceMs` real milliseconds to release timers and files. */
  end(graceMs: number): Promise<void> {
    this.#ending ??= this.#end(graceMs)
    return this.#ending
  }

  async #end(graceMs: number): Promise<void> {
    await Promise.all(this.#supervisors.map((supervisor) => supervisor.close(graceMs)))
    // If the stage is still opening, opening now fails: its processes have exited.
    await this.#opening?.catch(() => {})
    // The Toxiproxy may have exited already: an interrupt can reach it, too.
    await Promise.allSettled(this.#links.map((link) => link.remove()))
    for (const cleanup of this.#cleanups.reverse()) await cleanup()
  }

  async #makeFolder(): Promise<string> {
    const { warden, tempFolder } = this.#resources
    const { path, remove } = await temporaryFolder(tempFolder, warden)
    this.#cleanups.push(remove)
    return path
  }

  async #addServer(folder: string, port: number): Promise<WireServer | ProgramServer> {
    const home = join(folder, 'server')
    await mkdir(home)
    const { program } = this.#setting.server
    const server = program
      ? this.#programServer(program, home, port)
      : await this.#moduleServer(home, port)
    this.#server = server
    return server
  }

  #programServer(program: ServerProgram, home: string, port: number): ProgramServer {
    this.#assertOpen()
    const { timeScale, log } = this.#setting
    const { warden } = this.#resources
    const server = new ProgramServer({
      ...{ program, port, folder: home, timeScale, warden, log: this.#log, clock: this.#clock },
      onOutput: (text, incarnation) => log?.({ node: 'server', incarnation, t: this.now(), text }),
      onLateness: (ms) => this.#noteLateness(ms),
    })
    this.#supervisors.push(server)
    return server
  }

  async #moduleServer(home: string, port: number): Promise<WireServer> {
    const { scenario, server, timeScale, seed } = this.#setting
    const { transport, code } = this.#resources
    const supervisor = this.#supervise({
      name: 'server',
      kind: 'server',
      command: await serverCommand(server, transport, code),
      onEvent: (event) => wireServer.onEvent(event),
      onDying: (window) => wireServer.onDying(window),
    })
    const wireServer = new WireServer({
      supervisor,
      log: this.#log,
      port,
      folder: home,
      policy: scenario.policy,
      tells: server.tells ?? 'writes',
      timeScale,
      seed,
      trace: this.#processTrace,
    })
    return wireServer
  }

  async #addDevice(
    identity: { readonly device: string; readonly user: string },
    folder: string,
    port: number,
  ): Promise<void> {
    const { client, timeScale, seed } = this.#setting
    const name = identity.device
    const serverRelay = await openServerRelay({
      device: name,
      gateway: this.gateway,
      port,
      onLimit: (limit) => this.#log.emit(limitEvent(limit), name),
      ...(this.#server instanceof ProgramServer && { watch: this.#server }),
    })
    this.#closeAtEnd(serverRelay)
    const link = await this.#addLink(name, `127.0.0.1:${serverRelay.port}`)
    const certificate = client.tls ? await this.#resources.authority.certificate() : undefined
    // A host of ours records the requests of its client itself.
    const relay = client.command && (await this.#addDeviceRelay(name, link.address, certificate))
    const supervisor = this.#supervise({
      name,
      kind: 'device',
      command: await clientCommand(client, this.#resources.code),
      ...(certificate && { env: trustingEnvironment(certificate.authorityFile) }),
      ...(relay && { onHttpReport: relay.report }),
    })
    relay?.attach(supervisor)
    const home = join(folder, name)
    await mkdir(home)
    const device = new WireDevice({
      identity,
      supervisor,
      log: this.#log,
      clock: this.#clock,
      server: relay?.url ?? `http://${link.address}`,
      folder: home,
      timeScale,
      seed,
      trace: this.#processTrace,
    })
    this.#devices.set(name, device)
  }

  async #addDeviceRelay(
    device: string,
    link: string,
    certificate: Certificate | undefined,
  ): Promise<DeviceRelay> {
    const { timeScale } = this.#setting
    const relay = await DeviceRelay.open({
      device,
      link,
      now: () => this.now(),
      emit: (event, t) => this.#log.emit(event, device, t),
      silenceMaxMs: freezeAfterMs(timeScale) + SYNC_MARGIN_MS,
      certificate,
    })
    this.#closeAtEnd(relay)
    this.#deviceRelays.push(relay)
    return relay
  }

  #closeAtEnd(relay: Pick<Relay, 'close'>): void {
    this.#cleanups.push(() => relay.close())
  }

  async #addLink(device: string, upstream: string): Promise<WireLink> {
    const { proxy, number } = this.#resources
    const { timeScale, trace } = this.#setting
    const name = `tunnelproof-${process.pid}-${number}-${device}`
    const traceLink = trace?.has('link')
      ? (what: string) => trace.line('link', this.now(), device, what)
      : undefined
    const link = await proxy.createLink(name, upstream, {
      timeScale,
      // Apart from the scenario's own changes: Toxiproxy's spans are in real milliseconds.
      trace: traceLink && ((what) => traceLink(`toxiproxy: ${what}`)),
    })
    this.#links.push(link)
    this.#stagedLinks.set(device, traceLink ? tracedLink(link, traceLink) : link)
    return link
  }

  #supervise(
    options: Pick<NodeOptions, 'name' | 'kind' | 'onEvent' | 'onDying' | 'onHttpReport'> & {
      readonly command: readonly string[]
      readonly env?: Readonly<Record<string, string>>
    },
  ): NodeSupervisor {
    this.#assertOpen()
    const { scenario, trace, log } = this.#setting
    const { name, command, env } = options
    const supervisor = new NodeSupervisor({
      ...options,
      log: this.#log,
      deaths: deathsOf(scenario, this.#resources.effects).get(name) ?? 0,
      freezeAfterMs: freezeAfterMs(this.#setting.timeScale),
      now: () => this.now(),
      spawn: () => new ProtocolProcess(command, this.#resources.warden, env),
      onLateness: (ms) => this.#noteLateness(ms),
      onOutput: (text, incarnation, picture) =>
        log?.({ node: name, incarnation, t: this.now(), text, ...(picture && { picture }) }),
      onTrace: (channel, what, t = this.now()) => {
        if (trace?.has(channel)) trace.line(channel, t, name, what)
      },
    })
    this.#supervisors.push(supervisor)
    return supervisor
  }

  /** Begins scenario time a moment from now, and starts the devices at that instant. */
  async #beginTime(server: WireServer | ProgramServer): Promise<void> {
    const origin = process.hrtime.bigint() + BigInt(START_LEAD_MS * 1e6)
    this.#clock.begin(origin)
    server.begin(origin)
    await Promise.all([...this.#devices.values()].map((device) => device.begin(origin)))
    await this.until(0)
    const watch = watchLateness((ms) => this.#noteLateness(ms))
    this.#cleanups.push(() => watch.stop())
  }

  #assertOpen(): void {
    if (this.#ending) throw new Error('the stage was closed before it was up')
  }

  #noteLateness(ms: number): void {
    this.#worstLatenessMs = Math.max(this.#worstLatenessMs, ms)
  }

  #traceHttp(event: EventBody, t: number, node: string): void {
    const what = httpLine(event)
    if (what !== undefined) this.#setting.trace?.line('http', t, node, what)
  }
}

function find<Value>(map: ReadonlyMap<string, Value>, device: string): Value {
  const found = map.get(device)
  if (found === undefined)
    throw new Error(`no device '${device}'; there are ${[...map.keys()].join(', ')}`)
  return found
}
