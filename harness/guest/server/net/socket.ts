import { Duplex, type DuplexOptions } from 'node:stream'
import type { Clock, Timer } from '../../../core/ports/clock.ts'
import type { ByteStream, StreamEnd } from '../../../core/ports/stream.ts'
import type { Life } from '../life.ts'

export interface SocketPlace {
  readonly clock: Clock
  readonly life: Life
  /** Opens a connection; undefined if nothing can be reached there. */
  readonly dial: (host: string, port: number) => ByteStream | NetworkError
}

/** An error as Node's network functions have it. */
export interface NetworkError extends Error {
  readonly code: string
}

/** The address from which the devices seem to connect, and to which servers are bound. */
export const LOCALHOST = '127.0.0.1'

/** A `net.Socket`, as far as the harness needs it. */
export interface HostedSocket extends Duplex {
  encrypted: boolean
  server: unknown
  _server: unknown
  /** Takes over an open connection. */
  attach(stream: ByteStream, ports: { readonly local: number; readonly remote: number }): this
  connect(...args: unknown[]): this
}
type SocketClass = new (options?: DuplexOptions) => HostedSocket

/** Returns the class `net.Socket` of one incarnation: a connection of bytes, not of the machine. */
export function hostedSocket({ clock, life, dial }: SocketPlace): SocketClass {
  return class Socket extends Duplex {
    connecting = false
    encrypted = false
    remoteAddress: string | undefined
    remotePort: number | undefined
    remoteFamily: string | undefined
    localAddress: string | undefined
    localPort: number | undefined
    bytesRead = 0
    bytesWritten = 0
    timeout = 0
    /** Node's servers set it to themselves, if it is null. */
    server: unknown = null
    _server: unknown = null
    #stream: ByteStream | undefined
    #isAttached = false
    #early: Uint8Array[] = []
    #idle: Timer | undefined
    #activeAt = 0

    constructor(options: DuplexOptions = {}) {
      super({ allowHalfOpen: false, ...options, autoDestroy: true, emitClose: true })
    }

    attach(stream: ByteStream, ports: { readonly local: number; readonly remote: number }): this {
      this.#stream = stream
      this.#isAttached = true
      this.remoteAddress = LOCALHOST
      this.remoteFamily = 'IPv4'
      this.remotePort = ports.remote
      this.localAddress = LOCALHOST
      this.localPort = ports.local
      for (const bytes of this.#early) stream.write(bytes)
      this.#early = []
      stream.receive({
        data: (bytes) => life.run(() => this.#receive(bytes)),
        closed: (how) => life.run(() => this.#closed(how)),
      })
      return this
    }

    connect(...args: unknown[]): this {
      const { host, port, listener } = connectArguments(args)
      if (listener) this.once('connect', listener)
      this.connecting = true
      const dialled = dial(host, port)
      process.nextTick(() =>
        life.run(() => {
          if (this.destroyed) return
          this.connecting = false
          if (dialled instanceof Error) {
            this.destroy(dialled)
            return
          }
          this.attach(dialled, { local: EPHEMERAL_PORT, remote: port })
          this.emit('connect')
          this.emit('ready')
        }),
      )
      return this
    }

    setTimeout(ms: number, listener?: () => void): this {
      this.timeout = ms
      if (listener && ms > 0) this.once('timeout', listener)
      else if (listener) this.removeListener('timeout', listener)
      this.#idle?.cancel()
      this.#idle = undefined
      this.#active()
      return this
    }

    setNoDelay(): this {
      return this
    }

    setKeepAlive(): this {
      return this
    }

    ref(): this {
      return this
    }

    unref(): this {
      return this
    }

    address() {
      return { address: this.localAddress, port: this.localPort, family: 'IPv4' }
    }

    get pending(): boolean {
      return !this.#isAttached
    }

    get readyState(): string {
      if (this.connecting) return 'opening'
      if (this.readable && this.writable) return 'open'
      if (this.readable) return 'readOnly'
      return this.writable ? 'writeOnly' : 'closed'
    }

    get bufferSize(): number {
      return this.writableLength
    }

    destroySoon(): void {
      if (this.writable) this.end()
      if (this.writableFinished) this.destroy()
      else this.once('finish', this.destroy)
    }

    resetAndDestroy(): this {
      this.#stream?.reset()
      return this.destroy()
    }

    override _read(): void {}

    override _write(
      chunk: Buffer | string,
      encoding: BufferEncoding,
      done: (error?: Error | null) => void,
    ): void {
      // A copy: code may use its buffer again.
      const bytes = new Uint8Array(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk)
      this.bytesWritten += bytes.length
      this.#active()
      if (this.#stream) this.#stream.write(bytes)
      else this.#early.push(bytes)
      done()
    }

    override _final(done: (error?: Error | null) => void): void {
      if (this.connecting) this.once('connect', () => this.#stream?.end())
      else this.#stream?.end()
      done()
    }

    override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
      this.#idle?.cancel()
      // Bytes that were written before still leave, as they do from a closed socket.
      this.#stream?.end()
      done(error)
    }

    #receive(bytes: Uint8Array): void {
      if (this.destroyed) return
      this.bytesRead += bytes.length
      this.#active()
      this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    }

    #closed(how: StreamEnd): void {
      if (this.destroyed) return
      if (how === 'end') this.push(null)
      else if (how === 'refused') this.destroy(networkError('ECONNREFUSED', 'connect'))
      else this.destroy(networkError('ECONNRESET', 'read'))
    }

    /** Begins the span after which the socket counts as idle. */
    #active(): void {
      this.#activeAt = clock.now()
      if (this.timeout > 0 && !this.#idle) this.#watchIdle(this.timeout)
    }

    #watchIdle(ms: number): void {
      this.#idle = clock.after(ms, () => {
        this.#idle = undefined
        const left = this.#activeAt + this.timeout - clock.now()
        if (this.destroyed || this.timeout === 0) return
        if (left > 0) this.#watchIdle(left)
        else life.run(() => this.emit('timeout'))
      })
    }
  }
}

const EPHEMERAL_PORT = 49_152
const NUMBERS: Readonly<Record<string, number>> = {
  ECONNREFUSED: -111,
  ECONNRESET: -104,
  ENOTFOUND: -3008,
  EADDRINUSE: -98,
}

/** Returns an error as Node has it: 'connect ECONNREFUSED 127.0.0.1:80'. */
export function networkError(code: string, syscall: string, where = ''): NetworkError {
  const message = `${syscall} ${code}${where === '' ? '' : ` ${where}`}`
  return Object.assign(new Error(message), { code, errno: NUMBERS[code] ?? -1, syscall })
}

/** Reads (port, host?, listener?) or ({ port, host }, listener?). */
function connectArguments(args: readonly unknown[]) {
  const [first, second] = args
  const listener = args.find((each) => typeof each === 'function') as (() => void) | undefined
  const options =
    typeof first === 'object' && first !== null
      ? (first as { port?: unknown; host?: unknown })
      : { port: first, host: second }
  const host = typeof options.host === 'string' ? options.host : 'localhost'
  return { host, port: Number(options.port), listener }
}
