import type { HttpFailure, HttpRequest, HttpResponse } from '../../core/ports/http.ts'
import type { VirtualClock } from '../../core/ports/virtual-clock.ts'
import type { Random } from '../../core/random.ts'
import type { Connection, Sink } from '../../link/connection.ts'
import type { LinkProxy } from '../../link/proxy.ts'
import { MessageSlice, messageLength } from './message.ts'

/** The sim's plain network on either side of a link: a few milliseconds each way, decided by the seed. */
const ONE_WAY = { least: 8, most: 25 }

/** What a dialled server does with a request; undefined where nobody listens. */
export type Accept = (
  request: HttpRequest,
  answer: (response: HttpResponse) => void,
) => ServerSide | undefined

/** The server's hold on a connection. */
export interface ServerSide {
  /** The whole request has arrived. */
  received(): void
  /** The connection is gone; an answer would reach nobody. */
  closed(): void
}

export interface Exchange {
  onResponse(response: HttpResponse): void
  onFailure(failure: HttpFailure): void
}

/** One device's link: connections through its proxy to the server, one for each request. */
export class Network {
  readonly #clock: VirtualClock
  readonly #random: Random
  readonly #proxy: LinkProxy
  readonly #accept: Accept
  readonly #open = new Set<() => void>()
  readonly #served = new Set<Connection>()
  enabled = true

  constructor(clock: VirtualClock, random: Random, proxy: LinkProxy, accept: Accept) {
    this.#clock = clock
    this.#random = random
    this.#proxy = proxy
    this.#accept = accept
  }

  /** Sends a request over a connection of its own. Returns how to hang up. Exactly one of the exchange's calls follows, unless it was hung up. */
  send(request: HttpRequest, exchange: Exchange): () => void {
    let over = false
    let connection: Connection | undefined
    let server: ServerSide | undefined
    let response: HttpResponse | undefined
    let [toServer, toClient] = [
      messageLength((request.body ?? '') + request.path),
      Number.POSITIVE_INFINITY,
    ]
    let arrived = 0

    const finish = (outcome: () => void) => {
      if (over) return
      over = true
      this.#open.delete(breakOff)
      outcome()
    }
    const broken = (failure: HttpFailure) =>
      finish(() => exchange.onFailure(arrived > 0 ? 'cut' : failure))
    const breakOff = () => broken('reset')
    const lag = () => this.#random.int(ONE_WAY.least, ONE_WAY.most)

    const clientSink: Sink = {
      write: (chunk) => {
        arrived += chunk.length
        if (arrived >= toClient && response) {
          const whole = response
          finish(() => exchange.onResponse(whole))
          connection?.client.end()
        }
      },
      end: () => broken('reset'),
      reset: () => broken('reset'),
    }
    const gone = () => {
      server?.closed()
      if (connection) this.#served.delete(connection)
    }
    const serverSink: Sink = {
      write: (chunk) => {
        toServer -= chunk.length
        if (toServer <= 0) server?.received()
      },
      end: gone,
      reset: gone,
    }
    const answer = (given: HttpResponse) => {
      response = given
      toClient = messageLength(given.body)
      if (!connection) return
      connection.server.write(new MessageSlice(toClient))
      connection.server.end()
      this.#served.delete(connection)
    }

    // The first way there opens the connection, and the request follows at once: its bytes meet the link's toxics.
    this.#clock.after(lag(), () => {
      if (over) return
      if (!this.enabled) {
        finish(() => exchange.onFailure('refused'))
        return
      }
      this.#open.add(breakOff)
      const opened = this.#proxy.connect({ client: late(clientSink), server: late(serverSink) })
      connection = opened
      server = this.#accept(request, answer)
      // Toxiproxy takes the connection, cannot dial the server, and closes it again.
      if (server) this.#served.add(opened)
      else opened.server.end()
      opened.client.write(new MessageSlice(toServer))
    })

    // Both hops behind the link take their time, and keep the order.
    const late = (sink: Sink): Sink => {
      let free = 0
      const then = (task: () => void) => {
        free = Math.max(free, this.#clock.now() + lag())
        this.#clock.after(free - this.#clock.now(), task)
      }
      return {
        write: (chunk) => then(() => sink.write(chunk)),
        end: () => then(() => sink.end()),
        reset: () => then(() => sink.reset()),
      }
    }

    return () => {
      if (over) return
      over = true
      this.#open.delete(breakOff)
      connection?.client.end()
    }
  }

  /** Breaks every connection, as a disabled proxy does. */
  breakAll(): void {
    this.#proxy.closeAll()
    for (const breakOff of [...this.#open]) breakOff()
  }

  /** The server's process is gone: its ends of all connections close. What it had sent is still on its way. */
  dropServer(): void {
    for (const connection of [...this.#served]) connection.server.end()
    this.#served.clear()
  }
}
