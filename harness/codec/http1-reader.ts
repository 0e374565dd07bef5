import { joined, latin1 } from './bytes.ts'
import { bodyFraming, type Framing, type Head, parseHead } from './http1-head.ts'

/** Receives the messages of one direction of an HTTP/1.1 connection. */
export interface Http1Listener {
  /** The head of a message is complete. */
  head(head: Head): void
  /** A part of its body, without the framing. */
  body?(payload: Uint8Array): void
  /** The bytes of the body as they were sent: chunk sizes and trailers included. */
  raw?(bytes: Uint8Array): void
  /** The message is complete. */
  end?(): void
  /** The bytes after a 101: the connection no longer speaks HTTP. May be empty the first time. */
  upgraded?(bytes: Uint8Array): void
  /** The bytes are not HTTP/1.1: nothing follows. `unread` are those that no call has passed on. */
  invalid(reason: string, unread: Uint8Array): void
}

/** In bytes: Node's own limit is a quarter of it. */
const HEAD_MAX = 64 * 1024
const LINE_MAX = 8 * 1024
/** In bytes: enough to tell another protocol, whose first line may never end. */
const BEGINNING_MAX = 32

type State = 'head' | 'length' | 'size' | 'chunk' | 'chunk-end' | 'trailer' | 'close' | 'upgraded'

/**
 * Reads the messages of one direction of an HTTP/1.1 connection from bytes that arrive in any
 * pieces. A response to HEAD has no body: `methodOf` tells the method that a response answers.
 */
export class Http1Reader {
  readonly #kind: 'request' | 'response'
  readonly #on: Http1Listener
  readonly #methodOf: () => string | undefined
  #state: State | 'broken' = 'head'
  /** The bytes of a head or a line that is not complete. */
  #waiting: Uint8Array[] = []
  #waitingLength = 0
  /** The bytes that are left of a body or a chunk. */
  #left = 0

  constructor(
    kind: 'request' | 'response',
    on: Http1Listener,
    methodOf: () => string | undefined = () => undefined,
  ) {
    this.#kind = kind
    this.#on = on
    this.#methodOf = methodOf
  }

  /** True between two messages: nothing of a next one has arrived. */
  get isIdle(): boolean {
    return this.#state === 'head' && this.#waitingLength === 0
  }

  push(bytes: Uint8Array): void {
    let rest = bytes
    while (rest.length > 0 && this.#state !== 'broken') rest = this.#step(rest)
  }

  /** The connection was closed: completes a body that ends with it, and drops nothing unread. */
  close(): void {
    if (this.#state === 'close') {
      this.#state = 'head'
      this.#on.end?.()
    } else if (this.#waitingLength > 0) this.#break('it ends within a line')
  }

  /** From now on the bytes are not HTTP: call it for requests, when the response is a 101. */
  upgrade(): void {
    const bytes = joined(this.#waiting)
    this.#waiting = []
    this.#waitingLength = 0
    this.#state = 'upgraded'
    this.#on.upgraded?.(bytes)
  }

  #step(bytes: Uint8Array): Uint8Array {
    switch (this.#state) {
      case 'head':
        return this.#readHead(bytes)
      case 'length':
      case 'chunk':
        return this.#readPayload(bytes)
      case 'size':
      case 'chunk-end':
      case 'trailer':
        return this.#readLine(bytes)
      case 'close':
        this.#on.raw?.(bytes)
        this.#on.body?.(bytes)
        break
      case 'upgraded':
        this.#on.upgraded?.(bytes)
        break
    }
    return bytes.subarray(bytes.length)
  }

  #readHead(bytes: Uint8Array): Uint8Array {
    // An empty line before a request is allowed.
    const before = this.#waitingLength
    const all = before === 0 ? bytes : joined([...this.#waiting, bytes])
    const start = this.#kind === 'request' ? leadingBreaks(all) : 0
    const end = indexOfHeadEnd(all, Math.max(start, before - 3))
    if (end === -1) {
      this.#wait(bytes)
      if (this.#waitingLength > HEAD_MAX) this.#break('its head is too long')
      else if (!mayBecomeHead(all.subarray(start, start + BEGINNING_MAX), this.#kind))
        this.#break(`its first line is no ${this.#kind === 'request' ? 'request' : 'status'}`)
      return bytes.subarray(bytes.length)
    }
    this.#waiting = []
    this.#waitingLength = 0
    const head = parseHead(latin1(all.subarray(start, end)), this.#kind)
    if (typeof head === 'string') {
      this.#waiting = [all]
      this.#break(head)
      return bytes.subarray(bytes.length)
    }
    const framing = bodyFraming(head, this.#methodOf())
    if (framing === undefined) {
      this.#waiting = [all]
      this.#break('its length is unreadable')
      return bytes.subarray(bytes.length)
    }
    this.#on.head(head)
    this.#begin(framing)
    return all.subarray(end)
  }

  #begin(framing: Framing): void {
    if (framing === 'upgrade') {
      this.#state = 'upgraded'
      this.#on.upgraded?.(new Uint8Array(0))
    } else if (framing === 'continue') this.#state = 'head'
    else if (framing === 'close') this.#state = 'close'
    else if (framing === 'chunked') this.#state = 'size'
    else if (framing > 0) {
      this.#state = 'length'
      this.#left = framing
    } else this.#complete()
  }

  #readPayload(bytes: Uint8Array): Uint8Array {
    const part = bytes.subarray(0, this.#left)
    this.#left -= part.length
    this.#on.raw?.(part)
    this.#on.body?.(part)
    if (this.#left === 0) {
      if (this.#state === 'chunk') this.#state = 'chunk-end'
      else this.#complete()
    }
    return bytes.subarray(part.length)
  }

  #readLine(bytes: Uint8Array): Uint8Array {
    const end = bytes.indexOf(0x0a)
    if (end === -1) {
      this.#wait(bytes)
      if (this.#waitingLength > LINE_MAX) this.#break('a line of its body is too long')
      return bytes.subarray(bytes.length)
    }
    this.#wait(bytes.subarray(0, end + 1))
    const raw = joined(this.#waiting)
    const line = latin1(raw).replace(/\r?\n$/, '')
    if (this.#state === 'size' && !/^[0-9a-f]{1,13}\s*(;.*)?$/i.test(line)) {
      this.#wait(bytes.subarray(end + 1))
      this.#break('the size of a chunk is unreadable')
      return bytes.subarray(bytes.length)
    }
    this.#waiting = []
    this.#waitingLength = 0
    this.#on.raw?.(raw)
    if (this.#state === 'chunk-end') this.#state = 'size'
    else if (this.#state === 'trailer') {
      if (line === '') this.#complete()
    } else {
      this.#left = Number.parseInt(line, 16)
      this.#state = this.#left === 0 ? 'trailer' : 'chunk'
    }
    return bytes.subarray(end + 1)
  }

  #complete(): void {
    this.#state = 'head'
    this.#on.end?.()
  }

  #wait(bytes: Uint8Array): void {
    this.#waiting.push(bytes)
    this.#waitingLength += bytes.length
  }

  #break(reason: string): void {
    const unread = joined(this.#waiting)
    this.#waiting = []
    this.#waitingLength = 0
    this.#state = 'broken'
    this.#on.invalid(reason, unread)
  }
}

/** Returns false if these first bytes cannot begin a head of HTTP/1. */
function mayBecomeHead(bytes: Uint8Array, kind: 'request' | 'response'): boolean {
  const text = latin1(bytes)
  if (kind === 'request') return /^[!-~]*( |$)/.test(text)
  return text.startsWith('HTTP/1.') || 'HTTP/1.'.startsWith(text)
}

function leadingBreaks(bytes: Uint8Array): number {
  let at = 0
  while (bytes[at] === 0x0d || bytes[at] === 0x0a) at++
  return at
}

/** Returns the place after the empty line that ends a head; -1 if it has not arrived. */
function indexOfHeadEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0x0a, from); at !== -1; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at + 1] === 0x0a) return at + 2
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) return at + 3
  }
  return -1
}
