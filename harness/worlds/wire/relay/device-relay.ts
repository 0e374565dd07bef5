import { z } from 'zod'
import type { EventBody } from '../../../core/event.ts'
import type { HttpFailure, HttpRequest } from '../../../core/ports/http.ts'
import { observeRequest, requestEventSchema } from '../../../core/request-event.ts'
import { REQUEST_HEADER } from '../../../core/server.ts'
import type { NodeSupervisor } from '../process/node-supervisor.ts'
import type { ProtocolProcess } from '../process/protocol-process.ts'
import { within } from '../process/within.ts'
import { bodyText } from './content.ts'
import type { Exchange } from './exchange.ts'
import { withHeader } from './headers.ts'
import { Relay } from './relay.ts'

export interface DeviceRelayOptions {
  readonly device: string
  /** host:port of the device's link. */
  readonly link: string
  /** Returns scenario time. */
  now(): number
  /** Records an event of the device. Default `t`: it happens now. */
  emit(event: EventBody, t?: number): void
  /** In real milliseconds: a process that is silent for longer is frozen. */
  readonly silenceMaxMs: number
}

/** The parts of a program's own report that the relay cannot see. */
const detailSchema = requestEventSchema
  .pick({ about: true, deadline: true })
  .extend({ type: z.literal('request'), requestId: z.string() })
type Detail = Pick<HttpRequest, 'about' | 'deadline'>

type RequestBody = Extract<EventBody, { type: 'request' }>

/** The reports of one process that still wait for their requests, and the other way round. */
interface Unmatched {
  readonly details: Map<string, Detail>
  readonly requests: Map<string, RequestBody>
}

/**
 * The relay between a program and its link: records the program's requests and their outcomes, as
 * our own host does for a client in it. It accepts connections while the link is down, so that each
 * attempt is seen: the program's connection then breaks.
 */
export class DeviceRelay {
  readonly #options: DeviceRelayOptions
  readonly #unmatched = new WeakMap<ProtocolProcess, Unmatched>()
  /** The exchanges whose senders have hung up, or have been killed: which of both is not known. */
  readonly #undecided = new Set<Promise<unknown>>()
  #supervisor: NodeSupervisor | undefined
  #relay: Relay | undefined
  #count = 0

  private constructor(options: DeviceRelayOptions) {
    this.#options = options
  }

  static async open(options: DeviceRelayOptions): Promise<DeviceRelay> {
    const self = new DeviceRelay(options)
    const [host, port] = options.link.split(':') as [string, string]
    self.#relay = await Relay.open({
      upstream: { host, port: Number(port) },
      isTied: () => false,
      onRequest: (exchange) => self.#onRequest(exchange),
    })
    return self
  }

  /** host:port for the program. */
  get address(): string {
    return `127.0.0.1:${this.#relay?.port}`
  }

  /** Sets the supervisor of the program's processes. */
  attach(supervisor: NodeSupervisor): void {
    this.#supervisor = supervisor
  }

  /**
   * Takes the program's own report of a request or a response. Only `about` and `deadline` are
   * used, if the program has sent the report's id in the header {@link REQUEST_HEADER}.
   */
  readonly report = (event: unknown, from: ProtocolProcess): void => {
    const parsed = detailSchema.safeParse(event)
    if (!parsed.success) return
    const { requestId, about, deadline } = parsed.data
    const detail = { ...(about && { about }), ...(deadline !== undefined && { deadline }) }
    const { details, requests } = this.#unmatchedOf(from)
    const request = requests.get(requestId)
    if (request) Object.assign(request, detail)
    else details.set(requestId, detail)
    requests.delete(requestId)
  }

  /** Waits until the outcome of each exchange is recorded that is over. */
  async sync(): Promise<void> {
    await Promise.all(this.#undecided)
  }

  async close(): Promise<void> {
    await this.#relay?.close()
  }

  #onRequest(exchange: Exchange): void {
    const sender = this.#supervisor?.running
    // Bytes of a process that has been killed: its connection is closed.
    if (!sender?.alive) {
      exchange.breakOff()
      return
    }
    const requestId = `${this.#options.device}-r${++this.#count}`
    this.#recordRequest(exchange, requestId, sender)
    const record = (outcome: HttpFailure | 'response', rest = {}, t?: number) =>
      this.#options.emit({ type: 'response', requestId, outcome, ...rest }, t)
    let isOver = false
    const end = (outcome: HttpFailure | 'response', rest = {}) => {
      if (isOver) return
      isOver = true
      if (sender.alive) record(outcome, rest)
    }
    exchange.listen({
      answered: () => exchange.stream(),
      completing: (status, bytes) => end('response', { status, bytes }),
      failed: (failure) => end(failure),
      closed: () => {
        if (isOver) return
        isOver = true
        const t = this.#options.now()
        this.#settle(sender, () => record('aborted', {}, t))
      },
    })
    exchange.forward(withHeader(exchange.request.rawHeaders, REQUEST_HEADER, requestId))
  }

  #recordRequest({ request }: Exchange, requestId: string, sender: ProtocolProcess): void {
    const { method, path, headers, body } = request
    const ownId = headers[REQUEST_HEADER]
    const { details, requests } = this.#unmatchedOf(sender)
    const event: RequestBody = {
      ...observeRequest(requestId, {
        method: method as HttpRequest['method'],
        path,
        headers,
        body: bodyText(body, headers['content-encoding']),
        ...(ownId !== undefined && details.get(ownId)),
      }),
      bytes: body.length,
    }
    if (ownId !== undefined && !details.delete(ownId)) requests.set(ownId, event)
    this.#options.emit(event)
  }

  /** Runs `record` if the process is still alive: then it has hung up, and has not been killed. */
  #settle(sender: ProtocolProcess, record: () => void): void {
    const { silenceMaxMs } = this.#options
    const settled = within(silenceMaxMs, sender.ask({ type: 'sync' })).then((reply) => {
      if (reply !== 'exited') record()
      this.#undecided.delete(settled)
    })
    this.#undecided.add(settled)
  }

  #unmatchedOf(sender: ProtocolProcess): Unmatched {
    const known = this.#unmatched.get(sender)
    if (known) return known
    const unmatched = { details: new Map(), requests: new Map() }
    this.#unmatched.set(sender, unmatched)
    return unmatched
  }
}
