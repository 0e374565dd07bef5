import { joined, latin1Bytes, utf8Text } from '../codec/bytes.ts'
import {
  type Head,
  headBytes,
  headerOf,
  type RequestHead,
  type ResponseHead,
} from '../codec/http1-head.ts'
import { Http1Reader } from '../codec/http1-reader.ts'
import { isPersistent } from '../codec/persistence.ts'
import { isEventStream, isInterim, isWebSocket } from '../codec/response-kinds.ts'
import type { Replacement } from '../core/interception.ts'
import type { ByteStream, StreamEnd } from '../core/ports/stream.ts'
import { marksInRequest } from '../core/request-event.ts'
import { REQUEST_HEADER } from '../core/server.ts'
import type { Gateway } from './gateway.ts'
import { MessageGate } from './message-gate.ts'
import type { Passage } from './passage.ts'
import { replacementBytes } from './replacement-bytes.ts'

export interface GatewayStreamOptions {
  readonly gateway: Gateway
  readonly device: string
  /** The connection towards the device. */
  readonly incoming: ByteStream
  /** Opens the connection to the server that belongs to it; undefined if nobody listens. */
  connect(): ByteStream | undefined
}

/**
 * Passes a connection of bytes through the gateway. Each HTTP/1.1 request on it is an arrival, one
 * after another, and each WebSocket message after a 101. A connection that comes in while something
 * is intercepted belongs to the gateway: it outlives the server. Any other closes with the server,
 * and is refused if none listens.
 *
 * Returns false if it is refused.
 */
export function passThroughGateway(options: GatewayStreamOptions): boolean {
  return new GatewayStream(options).open()
}

/** A whole request that has arrived. */
interface Arrived {
  readonly head: RequestHead
  /** As it is sent on. */
  readonly raw: Uint8Array
  readonly body: Uint8Array
}

/**
 * arrived ─forward▶ forwarded ─head▶ passing ─end▶ (the next request)
 *    │                  └─intercepted▶ collecting ─end▶ collected ─pass─┘
 *    └─respond─────────────────────────────────────────────┴─▶ (the next request)
 *
 * collecting: an event stream or a 101 passes the gateway already at its head.
 */
type State = 'idle' | 'arrived' | 'forwarded' | 'collecting' | 'collected' | 'passing'

class GatewayStream {
  readonly #options: GatewayStreamOptions
  readonly #incoming: ByteStream
  /** True if the connection closes with the server, also before a request is forwarded. */
  readonly #isTied: boolean
  readonly #requests: Http1Reader
  readonly #waiting: Arrived[] = []
  #head: RequestHead | undefined
  #raw: Uint8Array[] = []
  #body: Uint8Array[] = []
  #state: State = 'idle'
  #current: Arrived | undefined
  #passage: Passage | undefined
  #server: ByteStream | undefined
  #response: ResponseHead | undefined
  /** The server's response so far, as it was sent, and its body. */
  #own: Uint8Array[] = []
  #ownBody: Uint8Array[] = []
  /** True if a response has passed its end. */
  #isWhole = false
  #messages: MessageGate | undefined
  /** True if the bytes are not HTTP/1.1: they pass unread. */
  #isOpaque = false
  #isClosed = false
  /** The bytes that are passed to the device together. */
  #gathered: Uint8Array[] | undefined
  /** The way in which the server has closed its connection, if the device's must follow. */
  #mustClose: StreamEnd | undefined

  constructor(options: GatewayStreamOptions) {
    this.#options = options
    this.#incoming = options.incoming
    this.#isTied = !options.gateway.isActive
    this.#requests = new Http1Reader('request', {
      head: (head) => this.#begin(head),
      raw: (bytes) => void this.#raw.push(bytes),
      body: (payload) => void this.#body.push(payload),
      end: () => this.#complete(),
      upgraded: (bytes) => this.#fromUpgraded(bytes),
      invalid: (_, unread) => {
        this.#isOpaque = true
        this.#raw.push(unread)
        if (this.#state === 'idle') this.#passOpaque()
      },
    })
  }

  open(): boolean {
    if (this.#isTied && !this.#connect()) return false
    this.#incoming.receive({
      data: (bytes) => this.#fromDevice(bytes),
      closed: (how) => this.#deviceClosed(how),
    })
    return true
  }

  #fromDevice(bytes: Uint8Array): void {
    if (!this.#isOpaque) {
      this.#requests.push(bytes)
      return
    }
    this.#raw.push(bytes)
    if (this.#state === 'idle') this.#passOpaque()
  }

  #begin(head: Head): void {
    if (head.kind !== 'request') return
    const isExpecting = /^100-continue$/i.test(headerOf(head.headers, 'expect') ?? '')
    // The gateway waits for the whole request, and the device for this.
    if (isExpecting) this.#toDevice(latin1Bytes('HTTP/1.1 100 Continue\r\n\r\n'))
    const headers = head.headers.filter(([name]) => !isExpecting || !/^expect$/i.test(name))
    this.#head = head
    this.#raw = [headBytes({ ...head, headers })]
    this.#body = []
  }

  #complete(): void {
    if (!this.#head) return
    this.#waiting.push({ head: this.#head, raw: joined(this.#raw), body: joined(this.#body) })
    this.#head = undefined
    this.#raw = []
    this.#body = []
    this.#next()
  }

  #next(): void {
    if (this.#state !== 'idle' || this.#isClosed) return
    const next = this.#waiting.shift()
    if (next) this.#arrive(next)
    else if (this.#isOpaque) this.#passOpaque()
  }

  #arrive(arrived: Arrived): void {
    const { gateway, device } = this.#options
    const { method, path, headers } = arrived.head
    this.#current = arrived
    this.#state = 'arrived'
    const ifCurrent = (act: () => void) => {
      if (this.#current === arrived) act()
    }
    let passage: Passage | undefined
    let isForwarded = false
    passage = gateway.arrived(
      {
        requestId: headerOf(headers, REQUEST_HEADER),
        ...{ device, method, path },
        // Computed only when an interception asks: mostly there is none.
        get isMarked() {
          return marksInRequest({ path, body: utf8Text(arrived.body) }).length > 0
        },
      },
      {
        // The gateway may forward before it has returned the passage, which the response needs.
        forward: () => {
          if (passage) this.#forward(arrived)
          else isForwarded = true
        },
        pass: () => ifCurrent(() => this.#pass()),
        respond: (replacement) => ifCurrent(() => this.#respond(arrived, replacement)),
        reset: () => this.#break('end'),
      },
    )
    ifCurrent(() => {
      this.#passage = passage
      if (isForwarded) this.#forward(arrived)
    })
  }

  #forward(arrived: Arrived): void {
    const server = this.#server ?? this.#connect()
    if (server) {
      this.#state = 'forwarded'
      server.write(arrived.raw)
    } else this.#break('end')
  }

  #connect(): ByteStream | undefined {
    const server = this.#options.connect()
    this.#server = server
    if (!server) return undefined
    this.#mustClose = undefined
    const responses = new Http1Reader(
      'response',
      {
        head: (head) => this.#beginResponse(head),
        raw: (bytes) => this.#passOrKeep(bytes),
        body: (payload) => {
          if (this.#state === 'collecting') this.#ownBody.push(payload)
        },
        end: () => this.#endResponse(),
        upgraded: (bytes) => {
          if (this.#messages) this.#messages.fromServer(bytes)
          else this.#passOrKeep(bytes)
        },
        invalid: (_, unread) => this.#passInvalid(unread),
      },
      () => this.#current?.head.method,
    )
    server.receive({
      data: (bytes) => {
        if (this.#server !== server) return
        if (this.#isOpaque && this.#state === 'idle') this.#toDevice(bytes)
        else this.#together(() => responses.push(bytes))
      },
      closed: (how) => {
        if (this.#server === server) this.#serverClosed(how, responses)
      },
    })
    return server
  }

  #beginResponse(head: Head): void {
    if (head.kind !== 'response' || !this.#current) return
    if (isInterim(head)) {
      this.#toDevice(headBytes(head))
      return
    }
    this.#response = head
    this.#own = [headBytes(head)]
    this.#ownBody = []
    this.#isWhole = false
    this.#state = 'collecting'
    const passesAtHead = !this.#passage?.isIntercepted || isEndless(head)
    if (this.#isClosed && isEndless(head)) this.#server?.end()
    if (passesAtHead) this.#passage?.answered(head.status)
  }

  #endResponse(): void {
    const head = this.#response
    this.#isWhole = true
    if (this.#isClosed) this.#server?.end()
    if (this.#state === 'passing') this.#done()
    else if (head && this.#state === 'collecting') {
      this.#state = 'collected'
      if (this.#passage?.isIntercepted && !isEndless(head)) this.#passage.answered(head.status)
    }
  }

  #passOrKeep(bytes: Uint8Array): void {
    if (this.#state === 'passing') this.#toDevice(bytes)
    else this.#own.push(bytes)
  }

  /** Passes on what the server has responded, and what it still does. */
  #pass(): void {
    this.#toDevice(joined(this.#own))
    this.#own = []
    this.#ownBody = []
    this.#state = 'passing'
    if (this.#response?.status === 101) this.#upgrade(this.#response)
    else if (this.#isWhole) this.#done()
  }

  #upgrade(response: ResponseHead): void {
    const { head } = this.#current ?? {}
    if (!head || this.#isOpaque) return
    if (isWebSocket(response))
      this.#messages = new MessageGate({
        gateway: this.#options.gateway,
        device: this.#options.device,
        upgradeId: headerOf(head.headers, REQUEST_HEADER),
        path: head.path,
        toServer: (bytes) => this.#server?.write(bytes),
        toDevice: (bytes) => this.#toDevice(bytes),
        reset: () => this.#break('end'),
        onDrained: () => this.#server?.end(),
      })
    this.#requests.upgrade()
  }

  #fromUpgraded(bytes: Uint8Array): void {
    if (this.#messages) this.#messages.fromDevice(bytes)
    else this.#server?.write(bytes)
  }

  #respond({ head }: Arrived, replacement: Replacement): void {
    const isWhole = this.#state !== 'collecting'
    const persists = isPersistent(head) && isWhole
    const own = this.#response && {
      status: this.#response.status,
      headers: this.#response.headers,
      body: joined(this.#ownBody),
    }
    this.#toDevice(replacementBytes(replacement, own, head.method, persists))
    if (persists) this.#done()
    else this.#break('end')
  }

  #done(): void {
    this.#current = undefined
    this.#passage = undefined
    this.#response = undefined
    this.#state = 'idle'
    if (this.#mustClose) this.#break(this.#mustClose)
    else this.#next()
  }

  #passOpaque(): void {
    const server = this.#server ?? this.#connect()
    if (!server) {
      this.#break('end')
      return
    }
    server.write(joined(this.#raw))
    this.#raw = []
  }

  /** The server's bytes are no HTTP/1.1: from now on nothing acts on this connection. */
  #passInvalid(unread: Uint8Array): void {
    this.#toDevice(joined([...this.#own, unread]))
    this.#own = []
    this.#isOpaque = true
    this.#current = undefined
    this.#state = 'idle'
  }

  #serverClosed(how: StreamEnd, responses: Http1Reader): void {
    this.#server = undefined
    this.#mustClose = how
    // A body without a length ends with the connection.
    if (how === 'end') responses.close()
    // A request that waits at the gateway goes on, unless the connection is the server's.
    if (this.#state === 'arrived' && !this.#isTied) this.#mustClose = undefined
    else if (this.#state !== 'collected') this.#break(how)
  }

  #deviceClosed(how: StreamEnd): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#passage?.closed()
    this.#messages?.deviceClosed()
    // A request that waits is on its way, and a message too.
    if (this.#state === 'arrived' || this.#messages?.hasWaiting) return
    if (how === 'reset') this.#server?.reset()
    else this.#server?.end()
  }

  #toDevice(bytes: Uint8Array): void {
    if (this.#gathered) this.#gathered.push(bytes)
    else this.#incoming.write(bytes)
  }

  /** Passes on together what comes together. */
  #together(read: () => void): void {
    this.#gathered = []
    read()
    this.#flush()
  }

  #flush(): void {
    const bytes = joined(this.#gathered ?? [])
    this.#gathered = undefined
    if (bytes.length > 0) this.#incoming.write(bytes)
  }

  /** Closes the connection on both sides. */
  #break(how: StreamEnd): void {
    this.#flush()
    if (!this.#isClosed) {
      this.#isClosed = true
      if (how === 'reset') this.#incoming.reset()
      else this.#incoming.end()
      this.#passage?.closed()
    }
    this.#server?.end()
  }
}

const isEndless = (head: ResponseHead) => head.status === 101 || isEventStream(head)
