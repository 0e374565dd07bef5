import { z } from 'zod'
import { utf8Text } from '../../../codec/bytes.ts'
import type { NumberedMessage } from '../../../codec/message-reader.ts'
import type { EventBody } from '../../../core/event.ts'
import type { HttpFailure } from '../../../core/ports/http.ts'
import { RepeatedDetails } from '../../../core/repeated-details.ts'
import {
  observeMessage,
  observeRequest,
  type RequestEvent,
  requestEventSchema,
} from '../../../core/request-event.ts'
import { observeResponse, type ResponseEvent } from '../../../core/response-event.ts'
import { REQUEST_HEADER } from '../../../core/server.ts'
import type { NodeSupervisor } from '../process/node-supervisor.ts'
import type { ProtocolProcess } from '../process/protocol-process.ts'
import { within } from '../process/within.ts'
import type { Certificate } from '../tls/throwaway-authority.ts'
import { beginningText, bodyText } from './content.ts'
import type { Exchange, StreamedResponse } from './exchange.ts'
import { withHeader, withoutExtensions } from './headers.ts'
import { limitEvent } from './limits.ts'
import { MessageRecorder } from './message-recorder.ts'
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
  /** Of a server with HTTPS. Default: the relay speaks plain HTTP. */
  readonly certificate?: Certificate | undefined
}

const UNREADABLE =
  'tunnelproof cannot read a WebSocket message: it uses an extension (such as compression) that ' +
  'the server was not asked for'

/** The parts of a program's own report that the relay cannot see. */
const detailSchema = requestEventSchema
  .pick({ about: true, deadline: true })
  .extend({ type: z.literal('request'), requestId: z.string() })
type Detail = Pick<RequestEvent, 'about' | 'deadline'>

/** The requests and responses of one process. */
interface Conversation {
  /** Its reports that still wait for their requests, by its own ids. */
  readonly details: Map<string, Detail>
  /** Its requests that still wait for its reports. */
  readonly requests: Map<string, RequestEvent>
  readonly repeated: RepeatedDetails
}

/**
 * The relay between a program and its link: records the program's requests and their outcomes, as
 * our own host does for a client in it. It accepts connections while the link is down, so that each
 * attempt is seen: the program's connection then breaks.
 */
export class DeviceRelay {
  readonly #options: DeviceRelayOptions
  readonly #conversations = new WeakMap<ProtocolProcess, Conversation>()
  /** The exchanges whose senders have hung up, or have been killed: which of both is not known. */
  readonly #undecided = new Set<Promise<unknown>>()
  #supervisor: NodeSupervisor | undefined
  #relay: Relay | undefined
  #count = 0
  #hasSaidUnreadable = false

  private constructor(options: DeviceRelayOptions) {
    this.#options = options
  }

  static async open(options: DeviceRelayOptions): Promise<DeviceRelay> {
    const self = new DeviceRelay(options)
    const [host, port] = options.link.split(':') as [string, string]
    self.#relay = await Relay.open({
      upstream: { host, port: Number(port) },
      isTied: () => false,
      certificate: options.certificate,
      onRequest: (exchange) => self.#onRequest(exchange),
      onLimit: (limit) => options.emit(limitEvent(limit)),
    })
    return self
  }

  /** Base URL of the server, for the program. */
  get url(): string {
    return `http${this.#options.certificate ? 's' : ''}://127.0.0.1:${this.#relay?.port}`
  }

  /** Sets the supervisor of the program's processes. */
  attach(supervisor: NodeSupervisor): void {
    this.#supervisor = supervisor
  }

  /**
   * Accepts the program's own report of a request or a response. Only `about` and `deadline` are
   * used, if the program has sent the report's id in the header {@link REQUEST_HEADER}.
   */
  readonly report = (event: unknown, from: ProtocolProcess): void => {
    const parsed = detailSchema.safeParse(event)
    if (!parsed.success) return
    const { requestId, about, deadline } = parsed.data
    const detail = { ...(about && { about }), ...(deadline !== undefined && { deadline }) }
    const { details, requests } = this.#conversationOf(from)
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
    const sent = this.#recordRequest(exchange, requestId, sender)
    const { emit, now } = this.#options
    let isOver = false
    const end = (response: () => ResponseEvent) => {
      if (isOver) return
      isOver = true
      if (sender.alive) emit(response())
    }
    const failed = (outcome: HttpFailure): ResponseEvent => ({
      type: 'response',
      requestId,
      outcome,
    })
    const complete = (response: StreamedResponse) =>
      end(() =>
        this.#conversationOf(sender).repeated.response(responseEvent(requestId, response), sent),
      )
    exchange.listen({
      answered: (status, headers) => {
        // Their ends say nothing: they come when somebody closes the connection.
        if (status === 101 || isEventStream(headers))
          end(() =>
            this.#conversationOf(sender).repeated.response(
              goesOn(requestId, status, headers),
              sent,
            ),
          )
        const isTunnel = exchange.tunnel((tunnel, fromSender, fromServer) => {
          const recorder = new MessageRecorder({
            tunnel,
            isSenderAlive: () => sender.alive,
            record: (message) => this.#recordMessage(message, sent, sender),
          })
          tunnel.begin(recorder, fromSender, fromServer)
        })
        if (!isTunnel) exchange.stream()
      },
      completing: complete,
      failed: (failure) => end(() => failed(failure)),
      closed: () => {
        if (isOver) return
        isOver = true
        const t = now()
        this.#settle(sender, () => emit(failed('aborted'), t))
      },
    })
    const { rawHeaders, isUpgrade } = exchange.request
    const headers = isUpgrade ? withoutExtensions(rawHeaders) : rawHeaders
    exchange.forward(withHeader(headers, REQUEST_HEADER, requestId))
  }

  /** Returns the request as a history would keep it if nothing were repeated. */
  #recordRequest({ request }: Exchange, requestId: string, sender: ProtocolProcess): RequestEvent {
    const { method, path, headers, body } = request
    const ownId = headers[REQUEST_HEADER]
    const { details, requests, repeated } = this.#conversationOf(sender)
    const sent: RequestEvent = {
      ...observeRequest(requestId, {
        method,
        path,
        headers,
        body: bodyText(body, headers['content-encoding']),
        ...(ownId !== undefined && details.get(ownId)),
      }),
      bytes: body.length,
    }
    const event = repeated.request(sent)
    if (ownId !== undefined && !details.delete(ownId)) requests.set(ownId, event)
    this.#options.emit(event)
    return sent
  }

  #recordMessage(
    { number, isExtended, payload }: NumberedMessage,
    upgrade: RequestEvent,
    sender: ProtocolProcess,
  ): void {
    const { repeated } = this.#conversationOf(sender)
    const { emit } = this.#options
    const text = utf8Text(payload)
    const message = observeMessage(upgrade, number, { text, bytes: payload.length })
    emit(repeated.request(message))
    emit({ type: 'response', requestId: message.requestId, outcome: 'sent' })
    if (isExtended && !this.#hasSaidUnreadable) {
      this.#hasSaidUnreadable = true
      emit({ type: 'log', level: 'error', text: UNREADABLE })
    }
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

  #conversationOf(sender: ProtocolProcess): Conversation {
    const known = this.#conversations.get(sender)
    if (known) return known
    const conversation = {
      details: new Map(),
      requests: new Map(),
      repeated: new RepeatedDetails(),
    }
    this.#conversations.set(sender, conversation)
    return conversation
  }
}

const isEventStream = ({ 'content-type': type = '' }: Readonly<Record<string, string>>) =>
  type.toLowerCase().startsWith('text/event-stream')

function goesOn(
  requestId: string,
  status: number,
  headers: StreamedResponse['headers'],
): ResponseEvent {
  const { bytes: _, ...head } = observeResponse(requestId, { status, headers, body: '' })
  return { ...head, goesOn: true }
}

function responseEvent(requestId: string, response: StreamedResponse): ResponseEvent {
  const { status, headers, bytes, beginning } = response
  const body = beginningText(beginning, headers['content-encoding'])
  return { ...observeResponse(requestId, { status, headers, body }), bytes }
}
