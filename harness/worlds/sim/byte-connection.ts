import { StreamSide } from '../../codec/stream-side.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { ByteStream, StreamEnd } from '../../core/ports/stream.ts'
import type { Connection } from '../../link/connection.ts'
import type { LinkProxy } from '../../link/proxy.ts'
import { delayedSink } from './delayed-sink.ts'

/** Accepts the server's end of a connection; false if nobody listens. */
export type AcceptStream = (stream: ByteStream) => boolean

export interface ByteConnectionOptions {
  readonly clock: Clock
  readonly proxy: LinkProxy
  readonly accept: AcceptStream
  /** Receives one line if the connection is refused. */
  readonly trace: ((what: string) => void) | undefined
  /** Returns a random latency of one hop, in milliseconds. */
  readonly delay: () => number
  /** Returns true if the link accepts connections now. */
  readonly isEnabled: () => boolean
  /** Called once, when nothing more reaches the device. */
  readonly onOver: () => void
}

/** A connection of real bytes from a device to the server, through the link's proxy. */
export class ByteConnection {
  /** The device's end. */
  readonly stream: StreamSide
  readonly #options: ByteConnectionOptions
  #connection: Connection | undefined
  /** The device's calls before the connection was there. */
  #early: ((connection: Connection) => void)[] = []
  #isOver = false

  constructor(options: ByteConnectionOptions) {
    const { clock, delay } = options
    this.#options = options
    this.stream = new StreamSide({
      write: (bytes) => this.#send((connection) => connection.client.write(bytes)),
      end: () => this.#send((connection) => connection.client.end()),
      reset: () => this.hangUp(),
    })
    clock.after(delay(), () => this.#open())
  }

  /** Closes the device's end at once. Nothing is delivered to it any more. */
  hangUp(): void {
    this.#early = []
    this.#finish()
    this.#connection?.client.end()
  }

  /** Ends the connection for the device, because the link broke. */
  breakOff(): void {
    // A connection that is not there yet finds out when it opens.
    if (this.#connection) this.#close('end')
  }

  #open(): void {
    if (this.#isOver) return
    const { clock, proxy, accept, trace, delay, isEnabled } = this.#options
    if (!isEnabled()) {
      trace?.('connection refused')
      this.#close('refused')
      return
    }
    const server = new StreamSide({
      write: (bytes) => connection.server.write(bytes),
      end: () => connection.server.end(),
      // Toxiproxy closes the device's end after what has arrived, however the server's was closed.
      reset: () => connection.server.end(),
    })
    const toDevice = {
      write: (chunk: unknown) => this.stream.data(chunk as Uint8Array),
      end: () => this.#close('end'),
      reset: () => this.#close('reset'),
    }
    const toServer = {
      write: (chunk: unknown) => server.data(chunk as Uint8Array),
      end: () => server.closed('end'),
      reset: () => server.closed('reset'),
    }
    const connection = proxy.connect({
      client: delayedSink(toDevice, clock, delay),
      server: delayedSink(toServer, clock, delay),
    })
    this.#connection = connection
    // Toxiproxy accepts the connection, cannot reach the server, and closes the connection again.
    if (!accept(server)) connection.server.end()
    for (const act of this.#early.splice(0)) act(connection)
  }

  #send(act: (connection: Connection) => void): void {
    if (this.#connection) act(this.#connection)
    else this.#early.push(act)
  }

  #close(how: StreamEnd): void {
    this.#finish()
    this.stream.closed(how)
  }

  #finish(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#options.onOver()
  }
}
