import { StreamSide } from '../../codec/stream-side.ts'
import type { EventBody, EventOf } from '../../core/event.ts'
import { Holdings } from '../../core/holdings.ts'
import { MemoryDisk } from '../../core/ports/memory-database.ts'
import type { ByteStream } from '../../core/ports/stream.ts'
import type { VirtualClock } from '../../core/ports/virtual-clock.ts'
import { messageOf } from '../../core/problem.ts'
import type { Random } from '../../core/random.ts'
import type { ServerDefinition, ServerTells } from '../../core/server.ts'
import { NORMAL_SERVER, type ServerState, withFired } from '../../core/server-state.ts'
import type { StagedServer } from '../../core/world.ts'
import { DUMP_READ_MAX_MS } from '../host/dump-reader.ts'
import { ServerHost } from '../host/server-host.ts'
import type { NodeTrace } from '../host/trace.ts'
import type { Enter, WriteLog } from './doing.ts'
import type { Accept } from './exchange.ts'

/** Milliseconds between the arrival of a request and its handling. */
const PROCESSING_MS = { least: 1, most: 6 }

export interface SimServerOptions {
  readonly definition: ServerDefinition
  readonly policy: string
  readonly clock: VirtualClock
  readonly random: Random
  readonly emit: (body: EventBody, node: string) => void
  readonly trace: NodeTrace | undefined
  readonly enter: Enter
  readonly log: WriteLog
  readonly onDeath: () => void
}

/** The server under test and its disk, which outlive each incarnation. */
export class SimServer implements StagedServer {
  readonly #options: SimServerOptions
  readonly #disk = new MemoryDisk()
  #running: ServerHost | undefined
  #incarnations = 0
  /** Position of the last commit in the history. The next start reports later ones as recovered. */
  #recordedThrough = 0
  readonly #holdings = new Holdings()
  #state = NORMAL_SERVER
  /** The devices' ends of the connections that the running incarnation has. */
  readonly #connections = new Set<StreamSide>()

  constructor(options: SimServerOptions) {
    this.#options = options
  }

  get tells(): ServerTells {
    return this.#options.definition.tells ?? 'writes'
  }

  async start(): Promise<void> {
    if (this.#running) return
    const host = this.#newHost(++this.#incarnations)
    this.#running = host
    this.#emit({ type: 'start', incarnation: this.#incarnations })
    host.create()
  }

  async kill(): Promise<void> {
    if (this.#running) this.#die(this.#running, { by: 'scenario' })
  }

  set(change: Partial<ServerState>): void {
    this.#state = { ...this.#state, ...change }
    this.#running?.set(this.#state)
  }

  async state(): Promise<ServerState> {
    return this.#state
  }

  /** Time passes while the server waits before it answers. */
  async dump(): Promise<void> {
    const host = this.#running
    if (!host) return
    const { clock } = this.#options
    const since = clock.now()
    let isDone = false
    host.dump(() => {
      isDone = true
    })
    if (!isDone) await clock.until(since + DUMP_READ_MAX_MS, () => isDone || !host.alive)
  }

  /** Accepts a connection, if the server is running. */
  readonly accept: Accept = (request, line) => {
    const host = this.#running
    if (!host) return undefined
    const { clock, random } = this.#options
    let open = true
    return {
      diesWithServer: true,
      received: () => {
        if (!host.alive) return
        host.receive(request)
        clock.after(random.int(PROCESSING_MS.least, PROCESSING_MS.most), () =>
          host.handle(request, (response) => {
            if (open) line.respond(response)
          }),
        )
      },
      closed: () => {
        open = false
      },
    }
  }

  /** Opens a connection of bytes to the server; undefined if it is not running. */
  readonly connect = (): ByteStream | undefined => {
    const host = this.#running
    if (!host) return undefined
    const { clock, random } = this.#options
    let lastDue = 0
    const later = (task: () => void) => {
      const due = clock.now() + random.int(PROCESSING_MS.least, PROCESSING_MS.most)
      lastDue = Math.max(lastDue, due)
      clock.after(lastDue - clock.now(), task)
    }
    const close = (how: 'end' | 'reset') => {
      this.#connections.delete(device)
      device.closed(how)
    }
    const device = new StreamSide({
      write: (bytes) => later(() => server.data(bytes)),
      end: () => later(() => server.closed('end')),
      reset: () => later(() => server.closed('reset')),
    })
    const server = new StreamSide({
      write: (bytes) => device.data(bytes),
      end: () => close('end'),
      reset: () => close('reset'),
    })
    this.#connections.add(device)
    host.accept(server)
    return device
  }

  #newHost(incarnation: number): ServerHost {
    const { definition, policy, clock, random, trace, enter, log } = this.#options
    const entered = { node: 'server', incarnation, lastOpId: () => undefined }
    const host: ServerHost = new ServerHost({
      definition,
      setup: { policy, recordedThrough: this.#recordedThrough },
      incarnation,
      holdings: this.#holdings,
      clock,
      random: random.fork(`server/${incarnation}`),
      database: this.#disk.open(() => host.alive),
      standstill: clock.standstill,
      emit: (event) => this.#emit(event),
      state: this.#state,
      die: (window) => {
        this.#state = withFired(this.#state, window)
        this.#die(host, { by: 'scenario' })
      },
      onCrash: (_error, cause) => this.#die(host, { by: 'itself', ...cause }),
      onSpin: (spin) => {
        this.#emit({ type: 'freeze', incarnation, doing: 'a timer', ...spin })
        this.#die(host, { by: 'harness' })
      },
      trace,
      onEnter: (doing, code) => enter(entered, doing, code),
      log: (text) => log('server', incarnation, text),
      onHandleError: (_request, error) => ({
        message: messageOf(error),
        response: { status: 500, headers: {}, body: '' },
      }),
    })
    return host
  }

  #die(host: ServerHost, cause: Pick<EventOf<'crash'>, 'by' | 'message' | 'frame'>): void {
    this.#emit({ type: 'crash', incarnation: this.#incarnations, ...cause })
    host.code.revoke()
    this.#running = undefined
    this.#options.onDeath()
    for (const connection of [...this.#connections]) connection.closed('end')
    this.#connections.clear()
  }

  #emit(event: EventBody): void {
    if (event.type === 'serverCommit')
      this.#recordedThrough = Math.max(this.#recordedThrough, event.position)
    this.#options.emit(event, 'server')
  }
}
