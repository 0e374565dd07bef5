import { Activity } from '../../core/activity.ts'
import type { Event, EventBody } from '../../core/event.ts'
import { placeOf } from '../../core/frame.ts'
import { History } from '../../core/history.ts'
import { historyHead } from '../../core/history-head.ts'
import { VirtualClock } from '../../core/ports/virtual-clock.ts'
import { Problem } from '../../core/problem.ts'
import { seededRandom } from '../../core/random.ts'
import type { UncaughtOrigin } from '../../core/server.ts'
import type { Setting, Stage, StagedLink, World } from '../../core/world.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import { stageGateway } from '../../gateway/stage-gateway.ts'
import { LinkProxy } from '../../link/proxy.ts'
import type { Toxic } from '../../link/toxic.ts'
import type { CodeUnderTest } from '../host/code-under-test.ts'
import { hookConsole } from '../host/console-log.ts'
import { httpLine, nodeTrace } from '../host/trace.ts'
import { SimDevice } from './device.ts'
import type { Doing, Enter, WriteLog } from './doing.ts'
import { GatewayDoor } from './gateway.ts'
import { type Bypass, watchGlobals } from './globals.ts'
import { simLink } from './link.ts'
import { Network } from './network.ts'
import { SimServer } from './server.ts'

export interface SimOptions {
  readonly toxics: ReadonlyMap<string, Toxic>
  /**
   * Subscribes to errors that nobody caught (in Node the process's 'unhandledRejection' and
   * 'uncaughtException') and returns the unsubscribe function. An error belongs to the code that
   * was entered last. `origin` is by default 'unhandledRejection'.
   */
  readonly onUncaught?: (handler: (error: unknown, origin?: UncaughtOrigin) => void) => () => void
  /** Receives each event at once when it is recorded. */
  readonly onEvent?: (event: Event) => void
  /**
   * Called before code under test runs. A watchdog outside this thread needs the last call: code
   * that never returns can only be ended together with the thread.
   */
  readonly onEnter?: (doing: Doing) => void
  /**
   * True: records each use of the machine's own clock, chance or network by code under test as a
   * `bypass` event. Only if nothing else runs in this thread. Default: false.
   */
  readonly watchGlobals?: boolean
}

/**
 * Runs client, server and links in this one process, on virtual time: the seed alone decides what
 * happens. A kill revokes an incarnation's ports: its requests never settle, its timers never fire,
 * its writes are void.
 */
export function simWorld(options: SimOptions): World {
  return {
    name: 'sim',
    about: 'virtual time, in one process',
    // Playing several at a time gains nothing: they share one CPU core.
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
  readonly #options: SimOptions
  readonly #clock = new VirtualClock()
  readonly #events: Event[] = []
  readonly #activity: Activity
  readonly #devices = new Map<string, SimDevice>()
  readonly #links = new Map<string, StagedLink>()
  readonly server: SimServer
  readonly gateway: Gateway
  /** Removes the stage's hooks from the process. */
  readonly #release: () => void
  #closed = false
  /** The code that was entered last. */
  #entered: CodeUnderTest | undefined
  #enteredNode = 'server'
  /** False while the harness's own code runs: its console output is nobody's. */
  #isUnderTest = false

  constructor(setting: Setting, options: SimOptions) {
    const { toxics, onUncaught } = options
    this.#setting = setting
    this.#options = options
    const { scenario, client, server, seed } = setting
    this.#activity = new Activity(scenario.devices.map(({ name }) => name))
    const random = seededRandom(seed)
    const clock = this.#clock
    const emit = (body: EventBody, node: string) => this.emit(body, node)
    const traceOf = (node: string) => nodeTrace(setting.trace, node, () => this.#timestamp())
    const networks: Network[] = []
    const doors: GatewayDoor[] = []
    this.gateway = stageGateway(this, clock)
    this.server = new SimServer({
      definition: server,
      policy: scenario.policy,
      clock,
      random: random.fork('server'),
      emit,
      trace: traceOf('server'),
      enter: this.#enter,
      log: this.#log,
      onDeath: () => {
        for (const each of [...networks, ...doors]) each.dropServer()
      },
    })
    for (const { name, user } of scenario.devices) {
      const trace = traceOf(name)
      const traceLink = trace?.has('link') ? (what: string) => trace.line('link', what) : undefined
      const ports = { clock, random: random.fork(`link/${name}`) }
      const proxy = new LinkProxy(ports, toxics, { trace: traceLink })
      const door = new GatewayDoor(name, this.gateway, this.server)
      doors.push(door)
      const network = new Network({
        clock,
        random: random.fork(`network/${name}`),
        proxy,
        accept: door.accept,
        acceptStream: door.acceptStream,
        trace: traceLink,
      })
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
          trace,
          enter: this.#enter,
          log: this.#log,
        }),
      )
    }
    const unsubscribe = onUncaught?.((error, origin) => this.#entered?.unhandled(error, origin))
    const unhook = hookConsole((level, args) => {
      if (this.#isUnderTest) this.#entered?.print(level, args)
      return this.#isUnderTest
    })
    const unwatch = options.watchGlobals
      ? watchGlobals(
          (bypass) => this.#recordBypass(bypass),
          [setting.client, setting.server].map(({ source, module }) => source ?? module),
        )
      : undefined
    this.#release = () => {
      unwatch?.()
      unsubscribe?.()
      unhook()
    }
  }

  async begin(): Promise<void> {
    await this.server.start()
    const failure = this.#events.find(({ type }) => type === 'crash')
    if (failure?.type === 'crash')
      throw new Problem(`the server does not start: ${failure.message}`)
    for (const device of this.#devices.values()) await device.start()
    this.#isUnderTest = false
  }

  now(): number {
    return this.#clock.now()
  }

  async until(instant: number): Promise<void> {
    await this.#clock.until(instant)
    this.#isUnderTest = false
  }

  device(name: string): SimDevice {
    return find(this.#devices, name)
  }

  link(device: string): StagedLink {
    return find(this.#links, device)
  }

  emit(body: EventBody, node = 'harness'): void {
    if (this.#closed) return
    if (node === 'harness') this.#isUnderTest = false
    const t = this.#timestamp()
    // Assigned, not spread: the bodies have many shapes, and spreading those is slow.
    const event = Object.assign({ seq: this.#events.length, t, node }, body) as Event
    this.#events.push(event)
    this.#activity.see(body, t, node)
    this.#options.onEvent?.(event)
    const { trace } = this.#setting
    if (!trace?.has('http')) return
    const what = httpLine(body)
    if (what !== undefined) trace.line('http', t, node, what)
  }

  async history(): Promise<History> {
    const head = historyHead({ ...this.#setting, timeScale: 1 }, 'sim')
    return new History(head, [...this.#events])
  }

  restingSince(): number | undefined {
    return this.#activity.restingSince()
  }

  strain(): number {
    return 0
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#release()
    for (const device of this.#devices.values()) await device.kill()
    await this.server.kill()
  }

  readonly #log: WriteLog = (node, incarnation, text) =>
    this.#setting.log?.({ node, incarnation, t: this.#timestamp(), text })

  readonly #enter: Enter = (entered, doing, code) => {
    this.#entered = code
    this.#enteredNode = entered.node
    this.#isUnderTest = true
    const { onEnter } = this.#options
    if (!onEnter) return
    const { node, incarnation, lastOpId } = entered
    const opId = lastOpId()
    const since = this.#timestamp()
    onEnter({ node, incarnation, doing, since, ...(opId !== undefined && { opId }) })
  }

  #recordBypass({ global, frame, port }: Bypass): void {
    const node = this.#enteredNode
    const { client, server } = this.#setting
    const place = placeOf(
      frame,
      node === 'server' ? server.module : (client.source ?? client.module),
    )
    // A guest has no ports: the globals that it names plainly are made from them.
    const isGuest = node !== 'server' && client.source !== undefined
    const instead = isGuest ? `${global} by its plain name, which is the page's own` : port
    this.emit({ type: 'bypass', global, frame: place, port: instead }, node)
  }

  /** Returns scenario time rounded to a thousandth, so that a history has short numbers. */
  #timestamp(): number {
    return Math.round(this.#clock.now() * 1000) / 1000
  }
}

function find<Value>(map: ReadonlyMap<string, Value>, name: string): Value {
  const value = map.get(name)
  if (!value)
    throw new Error(`no device '${name}' on this stage; there are ${[...map.keys()].join(', ')}`)
  return value
}
