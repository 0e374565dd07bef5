import type { Clock, Timer } from '../../core/ports/clock.ts'
import type { Connect } from '../../core/ports/stream.ts'
import { HttpConnection, type OutgoingRequest, type ResponseListener } from './http-connection.ts'

/** As in browsers, for HTTP/1.1 and one origin. */
const CONNECTIONS_MAX = 6
/**
 * The time after which an idle connection is closed: sooner than servers close it (Node: 5 s), so
 * that no request meets a connection that the server is about to close.
 */
const IDLE_MAX_MS = 4_000

interface Waiting {
  readonly request: OutgoingRequest
  readonly listener: ResponseListener
  start(connection: HttpConnection): void
}

/** The connections of one incarnation to the server, which are kept alive between requests. */
export class HttpPool {
  readonly #connect: Connect
  readonly #clock: Clock
  readonly #open = new Set<HttpConnection>()
  readonly #idle = new Map<HttpConnection, Timer>()
  readonly #waiting: Waiting[] = []

  constructor(ports: { connect: Connect; clock: Clock }) {
    this.#connect = ports.connect
    this.#clock = ports.clock
  }

  /** Sends a request as soon as a connection is free. Returns the function that aborts it. */
  send(request: OutgoingRequest, listener: ResponseListener): () => void {
    let connection: HttpConnection | undefined
    let isDone = false
    const once: ResponseListener = {
      ...listener,
      head: (head) => listener.head(head),
      body: (bytes) => listener.body(bytes),
      end: () => {
        isDone = true
        listener.end()
      },
      failed: (reason) => {
        isDone = true
        listener.failed(reason)
      },
    }
    const waiting: Waiting = {
      request,
      listener: once,
      start: (chosen) => {
        connection = chosen
      },
    }
    this.#waiting.push(waiting)
    this.#serve()
    return () => {
      if (isDone) return
      isDone = true
      const place = this.#waiting.indexOf(waiting)
      if (place >= 0) this.#waiting.splice(place, 1)
      connection?.close()
    }
  }

  #serve(): void {
    while (this.#waiting.length > 0) {
      const connection = this.#free()
      if (!connection) return
      const { request, listener, start } = this.#waiting.shift() as Waiting
      start(connection)
      connection.send(request, listener)
    }
  }

  #free(): HttpConnection | undefined {
    for (const [connection, timer] of this.#idle) {
      timer.cancel()
      this.#idle.delete(connection)
      if (!connection.isClosed) return connection
    }
    return this.#open.size < CONNECTIONS_MAX ? this.#newConnection() : undefined
  }

  #newConnection(): HttpConnection {
    const connection: HttpConnection = new HttpConnection(this.#connect(), {
      idle: () => {
        this.#idle.set(
          connection,
          this.#clock.after(IDLE_MAX_MS, () => connection.close()),
        )
        this.#serve()
      },
      closed: () => {
        this.#idle.get(connection)?.cancel()
        this.#idle.delete(connection)
        this.#open.delete(connection)
        this.#serve()
      },
    })
    this.#open.add(connection)
    return connection
  }
}
