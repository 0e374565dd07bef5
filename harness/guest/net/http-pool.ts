import type { Connect } from '../../core/ports/stream.ts'
import { HttpConnection, type OutgoingRequest, type ResponseListener } from './http-connection.ts'

/** As in browsers, for HTTP/1.1 and one origin. */
const CONNECTIONS_MAX = 6

interface Waiting {
  readonly request: OutgoingRequest
  readonly listener: ResponseListener
  start(connection: HttpConnection): void
}

/**
 * Sends the requests of one incarnation, each over a connection of its own, as many at a time as a
 * browser does. None is kept alive: a server may close an idle connection just when the next
 * request is sent, and a browser then repeats the request by itself. Such a repeat must not be
 * taken for the app's.
 */
export class HttpPool {
  readonly #connect: Connect
  readonly #open = new Set<HttpConnection>()
  readonly #waiting: Waiting[] = []

  constructor(connect: Connect) {
    this.#connect = connect
  }

  /** Sends a request as soon as a connection is free. Returns the function that aborts it. */
  send(request: OutgoingRequest, listener: ResponseListener): () => void {
    let connection: HttpConnection | undefined
    const waiting: Waiting = {
      request,
      listener,
      start: (chosen) => {
        connection = chosen
      },
    }
    this.#waiting.push(waiting)
    this.#serve()
    return () => {
      const place = this.#waiting.indexOf(waiting)
      if (place >= 0) this.#waiting.splice(place, 1)
      connection?.close()
    }
  }

  #serve(): void {
    while (this.#open.size < CONNECTIONS_MAX) {
      const next = this.#waiting.shift()
      if (!next) return
      const connection: HttpConnection = new HttpConnection(this.#connect(), () => {
        this.#open.delete(connection)
        this.#serve()
      })
      this.#open.add(connection)
      next.start(connection)
      connection.send(next.request, next.listener)
    }
  }
}
