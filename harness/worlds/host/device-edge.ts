import { joined, utf8Text } from '../../codec/bytes.ts'
import { Conversation, type Trip } from '../../codec/conversation.ts'
import { headerOf, headerRecord } from '../../codec/http1-head.ts'
import { isEventStream } from '../../codec/response-kinds.ts'
import { StreamSide } from '../../codec/stream-side.ts'
import type { ByteStream, Connect, StreamEnd } from '../../core/ports/stream.ts'
import type { RequestEvent } from '../../core/request-event.ts'
import { observeResponse } from '../../core/response-event.ts'
import { REQUEST_HEADER } from '../../core/server.ts'
import type { CodeUnderTest } from './code-under-test.ts'
import type { RequestLog } from './request-log.ts'

/** An extension of WebSocket, such as compression, would hide what a message says. */
const REMOVED_HEADERS: readonly string[] = [REQUEST_HEADER, 'sec-websocket-extensions']

export interface DeviceEdgeOptions {
  /** Opens a connection of the world. */
  readonly connect: Connect
  readonly log: RequestLog
  /** The client. After its death nothing is passed on in either direction. */
  readonly code: CodeUnderTest
}

/**
 * Returns the port by which a client opens connections. HTTP/1.1 and WebSocket messages on them are
 * recorded; each request gets the header that names it. Other bytes pass unread.
 */
export function observedConnect(options: DeviceEdgeOptions): Connect {
  return () => new DeviceEdge(options).stream
}

/** A client's connection, between the client and the world. */
class DeviceEdge {
  /** The client's end. */
  readonly stream: StreamSide
  readonly #outer: ByteStream
  readonly #log: RequestLog
  readonly #conversation: Conversation
  readonly #ids = new Map<Trip, string>()
  /** The requests that are recorded: when the last byte was written, or all was over. */
  readonly #recorded = new Map<Trip, RequestEvent>()

  constructor({ connect, log, code }: DeviceEdgeOptions) {
    this.#log = log
    this.stream = new StreamSide({
      write: (bytes) => {
        if (code.alive) this.#conversation.fromClient(bytes)
      },
      end: () => {
        if (code.alive) this.#hangUp(() => this.#outer.end())
      },
      reset: () => {
        if (code.alive) this.#hangUp(() => this.#outer.reset())
      },
    })
    this.#conversation = new Conversation({
      toServer: (bytes) => this.#outer.write(bytes),
      toClient: (bytes) => this.stream.data(bytes),
      requestBegins: (trip) => this.#name(trip),
      requestEnds: (trip) => {
        // A server may respond before it has the whole request.
        if (this.#ids.has(trip)) this.#recordRequest(trip)
      },
      responds: (trip, isWhole) => this.#recordResponse(trip, isWhole),
      message: (upgrade, { number, payload, isExtended }) => {
        const text = isExtended ? '' : utf8Text(payload)
        this.#log.message(this.#recordRequest(upgrade), number, text, payload.length)
      },
    })
    this.#outer = connect()
    this.#outer.receive({
      data: (bytes) =>
        code.run('the bytes of a connection', () => this.#conversation.fromServer(bytes)),
      closed: (how) => code.run('the end of a connection', () => this.#close(how)),
    })
  }

  /** The client closes the connection: what it still waits for is given up. */
  #hangUp(close: () => void): void {
    for (const trip of this.#conversation.takeUnanswered()) this.#fail(trip, 'aborted')
    close()
  }

  #close(how: StreamEnd): void {
    let isCut = this.#conversation.isAnswering
    if (how === 'end') this.#conversation.serverEnded()
    for (const trip of this.#conversation.takeUnanswered()) {
      this.#fail(trip, how === 'refused' ? 'refused' : isCut ? 'cut' : 'reset')
      isCut = false
    }
    this.stream.closed(how)
  }

  #name(trip: Trip) {
    const requestId = this.#log.nextId()
    this.#ids.set(trip, requestId)
    const kept = trip.head.headers.filter(([name]) => !REMOVED_HEADERS.includes(name.toLowerCase()))
    const headers = [...kept, [REQUEST_HEADER, requestId] as const]
    return { ...trip.head, headers }
  }

  #recordRequest(trip: Trip): RequestEvent {
    const known = this.#recorded.get(trip)
    if (known) return known
    const { method, path, headers } = trip.head
    const body = joined(trip.body)
    const event = this.#log.request(
      this.#ids.get(trip) ?? '',
      { method, path, headers: headerRecord(headers), body: utf8Text(body) },
      body.length,
    )
    this.#recorded.set(trip, event)
    return event
  }

  #recordResponse(trip: Trip, isWhole: boolean): void {
    const { response, beginning, responseBytes } = trip
    if (!response) return
    const request = this.#recordRequest(trip)
    const { status, headers } = response
    const isReadable = headerOf(headers, 'content-encoding') === undefined
    const body = isReadable ? utf8Text(joined(beginning)) : ''
    const { bytes: _, ...observed } = observeResponse(request.requestId, {
      ...{ status, headers: headerRecord(headers), body },
    })
    const length = isWhole ? { bytes: responseBytes } : { goesOn: true as const }
    this.#log.response(request, { ...observed, ...length })
    if (!isWhole) return
    this.#ids.delete(trip)
    this.#recorded.delete(trip)
  }

  #fail(trip: Trip, failure: 'refused' | 'reset' | 'cut' | 'aborted'): void {
    const request = this.#recordRequest(trip)
    if (trip.response && isEventStream(trip.response)) return
    this.#log.failure(request, failure)
  }
}
