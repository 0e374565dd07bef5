import { joined } from './bytes.ts'
import { type Head, headBytes, type RequestHead, type ResponseHead } from './http1-head.ts'
import { Http1Reader } from './http1-reader.ts'
import { MessageReader, type NumberedMessage } from './message-reader.ts'
import { isEventStream, isInterim, isWebSocket } from './response-kinds.ts'

/** In bytes: more than a history shows of a response. */
const BEGINNING_MAX = 8 * 1024

/** A request on a connection, and what has come of it. */
export interface Trip {
  readonly head: RequestHead
  /** The parts of its body that have been read. */
  readonly body: Uint8Array[]
  /** The head of the final response. */
  response: ResponseHead | undefined
  /** The beginning of the response's body, and the length of all that has been read. */
  readonly beginning: Uint8Array[]
  responseBytes: number
}

/** Observes what passes, and where it passes on to. */
export interface ConversationListener {
  /** Receives bytes for the server. */
  toServer(bytes: Uint8Array): void
  /** Receives bytes for the client. */
  toClient(bytes: Uint8Array): void
  /** The head of a request has been read. Returns the head that is passed on in its place. */
  requestBegins(trip: Trip): RequestHead
  /** The request is whole: its last bytes are about to be passed on. */
  requestEnds(trip: Trip): void
  /**
   * The response has begun that ends with its connection, an event stream or a 101; or it is whole
   * (`isWhole`), and its last bytes are about to be passed on. Called once for each response.
   */
  responds(trip: Trip, isWhole: boolean): void
  /** The client's message is whole: its last bytes are about to be passed on. */
  message(upgrade: Trip, message: NumberedMessage): void
}

/**
 * Passes on the bytes of a connection in both directions while they come in, and reads what they
 * say: HTTP/1.1, and after a 101 the client's WebSocket messages. Other bytes pass unread.
 */
export class Conversation {
  readonly #listener: ConversationListener
  readonly #requests: Http1Reader
  readonly #responses: Http1Reader
  /** The requests whose responses are not whole, in order. */
  readonly #pending: Trip[] = []
  /** The request whose bytes are being read. */
  #current: Trip | undefined
  #messages: MessageReader | undefined
  /** The bytes that the readers have released. */
  #toServer: Uint8Array[] = []
  #toClient: Uint8Array[] = []
  /** True if the bytes of a direction are not HTTP/1.1. */
  #isOutOpaque = false
  #isInOpaque = false

  constructor(listener: ConversationListener) {
    this.#listener = listener
    this.#requests = new Http1Reader('request', {
      head: (head) => this.#beginRequest(head as RequestHead),
      raw: (bytes) => void this.#toServer.push(bytes),
      body: (payload) => void this.#current?.body.push(payload),
      end: () => this.#endRequest(),
      upgraded: (bytes) => {
        this.#toServer.push(bytes)
        this.#messages?.push(bytes)
      },
      invalid: (_, unread) => {
        this.#isOutOpaque = true
        this.#toServer.push(unread)
      },
    })
    this.#responses = new Http1Reader(
      'response',
      {
        head: (head) => this.#beginResponse(head),
        raw: (bytes) => void this.#toClient.push(bytes),
        body: (payload) => this.#readResponse(payload),
        end: () => this.#endResponse(),
        upgraded: (bytes) => void this.#toClient.push(bytes),
        invalid: (_, unread) => {
          this.#isInOpaque = true
          this.#toClient.push(unread)
        },
      },
      () => this.#pending[0]?.head.method,
    )
  }

  /** Bytes come from the client. */
  fromClient(bytes: Uint8Array): void {
    if (this.#isOutOpaque) {
      this.#listener.toServer(bytes)
      return
    }
    this.#requests.push(bytes)
    this.#flushToServer()
  }

  /** Bytes come from the server. */
  fromServer(bytes: Uint8Array): void {
    if (this.#isInOpaque) {
      this.#listener.toClient(bytes)
      return
    }
    this.#responses.push(bytes)
    this.#flushToClient()
  }

  /** True within a response. */
  get isAnswering(): boolean {
    return !this.#responses.isIdle
  }

  /** The client has closed the connection. */
  clientEnded(): void {
    this.#requests.close()
    this.#flushToServer()
  }

  /** The server has closed the connection: completes a response without a length. */
  serverEnded(): void {
    this.#responses.close()
    this.#flushToClient()
  }

  /** Returns the requests whose responses are not whole, once: the connection is over. */
  takeUnanswered(): Trip[] {
    return this.#pending.splice(0)
  }

  #beginRequest(head: Head): void {
    const trip: Trip = {
      ...{ head: head as RequestHead, body: [] },
      ...{ response: undefined, beginning: [], responseBytes: 0 },
    }
    this.#current = trip
    this.#pending.push(trip)
    this.#toServer.push(headBytes(this.#listener.requestBegins(trip)))
  }

  #endRequest(): void {
    if (this.#current) this.#listener.requestEnds(this.#current)
    // The bytes that follow belong to another request.
    this.#flushToServer()
  }

  #beginResponse(head: Head): void {
    this.#toClient.push(headBytes(head))
    const [trip] = this.#pending
    if (head.kind !== 'response' || !trip || isInterim(head)) return
    trip.response = head
    if (head.status === 101) this.#upgrade(trip, head)
    else if (isEventStream(head)) this.#listener.responds(trip, false)
  }

  #upgrade(trip: Trip, head: ResponseHead): void {
    this.#pending.shift()
    this.#listener.responds(trip, false)
    if (isWebSocket(head))
      this.#messages = new MessageReader((message) => this.#listener.message(trip, message))
    if (this.#isOutOpaque) return
    this.#requests.upgrade()
    this.#flushToServer()
  }

  #readResponse(payload: Uint8Array): void {
    const [trip] = this.#pending
    if (!trip) return
    if (trip.responseBytes < BEGINNING_MAX) trip.beginning.push(payload)
    trip.responseBytes += payload.length
  }

  #endResponse(): void {
    const trip = this.#pending.shift()
    if (trip?.response && !isEventStream(trip.response)) this.#listener.responds(trip, true)
    // The bytes that follow belong to another response.
    this.#flushToClient()
  }

  #flushToServer(): void {
    const bytes = joined(this.#toServer)
    this.#toServer = []
    if (bytes.length > 0) this.#listener.toServer(bytes)
  }

  #flushToClient(): void {
    const bytes = joined(this.#toClient)
    this.#toClient = []
    if (bytes.length > 0) this.#listener.toClient(bytes)
  }
}
