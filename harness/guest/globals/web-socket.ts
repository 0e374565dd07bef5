import { sha1 } from '@noble/hashes/legacy.js'
import { latin1, utf8Bytes } from '../../codec/bytes.ts'
import { headBytes, headerOf, type ResponseHead } from '../../codec/http1-head.ts'
import { Http1Reader } from '../../codec/http1-reader.ts'
import {
  type Frame,
  FrameReader,
  frameBytes,
  type Message,
  MessageAssembler,
  OPCODE,
} from '../../codec/websocket.ts'
import type { ByteStream } from '../../core/ports/stream.ts'
import { type GlobalClass, ORIGIN, type Realm } from '../realm/realm.ts'
import { bytesOfBlob, bytesOfBuffer, GuestBlob } from './blob.ts'
import { addHandlers, eventWith } from './event-target.ts'
import { absolute } from './location.ts'

const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
/** The time that the server has to answer a closing handshake, as in Chromium. */
const CLOSE_MAX_MS = 2_000
/** The status codes of RFC 6455, section 7.4. */
const STATUS = { normal: 1000, protocol: 1002, none: 1005, abnormal: 1006, invalid: 1007 } as const
const CONNECTING = 0
const OPEN = 1
const CLOSING = 2
const CLOSED = 3

/** Returns the class WebSocket over connections to the server under test. */
export function webSocketClass(realm: Realm, Target: typeof EventTarget): GlobalClass {
  const { clock, random, connect } = realm.ports
  class WebSocket extends Target {
    static readonly CONNECTING = CONNECTING
    static readonly OPEN = OPEN
    static readonly CLOSING = CLOSING
    static readonly CLOSED = CLOSED
    readonly CONNECTING = CONNECTING
    readonly OPEN = OPEN
    readonly CLOSING = CLOSING
    readonly CLOSED = CLOSED
    readonly url: string
    readonly extensions = ''
    binaryType: 'blob' | 'arraybuffer' = 'blob'
    protocol = ''
    #readyState: number = CONNECTING
    #stream: ByteStream | undefined
    #bufferedAmount = 0
    #close: { code: number; reason: string; wasClean: boolean } = {
      code: STATUS.abnormal,
      reason: '',
      wasClean: false,
    }
    #hasSentClose = false
    readonly #assembler = new MessageAssembler()
    readonly #protocols: readonly string[]
    readonly #key = btoa(latin1(random.bytes(16)))

    constructor(url: unknown, protocols: string | readonly string[] = []) {
      super()
      const target = socketUrl(url)
      this.url = target.href
      this.#protocols = typeof protocols === 'string' ? [protocols] : [...protocols]
      if (new Set(this.#protocols).size < this.#protocols.length)
        throw new DOMException('A subprotocol is named twice.', 'SyntaxError')
      if (target.host === new URL(ORIGIN).host) this.#connect(target)
      else {
        console.warn(`WebSocket: ${target.host} cannot be reached: the server is ${ORIGIN}`)
        clock.after(
          0,
          realm.bind(() => this.#fail()),
        )
      }
    }

    get readyState(): number {
      return this.#readyState
    }

    get bufferedAmount(): number {
      return this.#bufferedAmount
    }

    send(data: unknown): void {
      if (this.#readyState === CONNECTING)
        throw new DOMException('Still in CONNECTING state.', 'InvalidStateError')
      const bytes = bytesOfBlob(data) ?? bytesOfBuffer(data)
      const payload = bytes ?? utf8Bytes(String(data))
      if (this.#readyState === OPEN) this.#frame(bytes ? OPCODE.binary : OPCODE.text, payload)
      // As the standard has it: what cannot be sent counts for ever.
      else this.#bufferedAmount += payload.length
    }

    close(code?: number, reason = ''): void {
      if (code !== undefined && code !== STATUS.normal && !(code >= 3000 && code <= 4999))
        throw new DOMException(`The code ${code} is not allowed.`, 'InvalidAccessError')
      const text = utf8Bytes(reason)
      if (text.length > 123) throw new DOMException('The reason is too long.', 'SyntaxError')
      if (this.#readyState >= CLOSING) return
      if (this.#readyState === CONNECTING) {
        this.#readyState = CLOSING
        clock.after(
          0,
          realm.bind(() => this.#fail()),
        )
        return
      }
      this.#readyState = CLOSING
      this.#sendClose(code, text)
      clock.after(
        CLOSE_MAX_MS,
        realm.bind(() => this.#closed()),
      )
    }

    #connect(target: URL): void {
      const stream = connect()
      this.#stream = stream
      const frames = new FrameReader(realm.bind((frame) => this.#receive(frame)))
      const reader = new Http1Reader('response', {
        head: realm.bind((head) => this.#upgraded(head as ResponseHead)),
        upgraded: (bytes) => {
          if (this.#readyState !== CLOSED) frames.push(bytes)
        },
        invalid: realm.bind(() => this.#fail()),
      })
      stream.receive({
        data: (bytes) => reader.push(bytes),
        closed: realm.bind(() => this.#closed()),
      })
      stream.write(
        headBytes({
          kind: 'request',
          method: 'GET',
          path: `${target.pathname}${target.search}`,
          version: 'HTTP/1.1',
          headers: [
            ['Host', target.host],
            ['Connection', 'Upgrade'],
            ['Upgrade', 'websocket'],
            ['Origin', ORIGIN],
            ['Sec-WebSocket-Version', '13'],
            ['Sec-WebSocket-Key', this.#key],
            ...(this.#protocols.length > 0
              ? [['Sec-WebSocket-Protocol', this.#protocols.join(', ')] as const]
              : []),
          ],
        }),
      )
    }

    #upgraded({ status, headers }: ResponseHead): void {
      if (this.#readyState !== CONNECTING) return
      const accept = btoa(latin1(sha1(utf8Bytes(`${this.#key}${ACCEPT_SUFFIX}`))))
      const protocol = headerOf(headers, 'sec-websocket-protocol') ?? ''
      const isRight =
        status === 101 &&
        headerOf(headers, 'sec-websocket-accept') === accept &&
        (protocol === '' || this.#protocols.includes(protocol))
      if (!isRight) {
        this.#fail()
        return
      }
      this.protocol = protocol
      this.#readyState = OPEN
      this.dispatchEvent(new Event('open'))
    }

    #receive(frame: Frame): void {
      if (this.#readyState === CLOSED) return
      if (frame.opcode === OPCODE.ping) this.#frame(OPCODE.pong, frame.payload)
      else if (frame.opcode === OPCODE.close) this.#receiveClose(frame.payload)
      else if (frame.isExtended) this.#break(STATUS.protocol)
      else {
        const message = this.#assembler.add(frame)
        if (message && this.#readyState === OPEN) this.#deliver(message)
      }
    }

    #deliver({ isText, payload }: Message): void {
      const data = isText ? textOf(payload) : this.#binary(payload)
      if (data === undefined) this.#break(STATUS.invalid)
      else this.dispatchEvent(eventWith(new Event('message'), { data, origin: ORIGIN, ports: [] }))
    }

    #binary(payload: Uint8Array): unknown {
      return this.binaryType === 'arraybuffer' ? payload.slice().buffer : new GuestBlob([payload])
    }

    #receiveClose(payload: Uint8Array): void {
      const code = payload.length >= 2 ? ((payload[0] ?? 0) << 8) | (payload[1] ?? 0) : STATUS.none
      const reason = textOf(payload.subarray(2)) ?? ''
      this.#close = { code, reason, wasClean: true }
      this.#readyState = CLOSING
      if (!this.#hasSentClose)
        this.#sendClose(code === STATUS.none ? undefined : code, new Uint8Array(0))
      this.#closed()
    }

    #sendClose(code: number | undefined, reason: Uint8Array): void {
      this.#hasSentClose = true
      const head = code === undefined ? [] : [code >> 8, code & 0xff]
      this.#frame(OPCODE.close, Uint8Array.from([...head, ...(head.length > 0 ? reason : [])]))
    }

    #frame(opcode: number, payload: Uint8Array): void {
      this.#stream?.write(frameBytes(opcode, payload, random.bytes(4)))
    }

    /** The server does not keep to the protocol. */
    #break(code: number): void {
      this.#sendClose(code, new Uint8Array(0))
      this.#close = { code, reason: '', wasClean: false }
      this.#fail()
    }

    #fail(): void {
      if (this.#readyState === CLOSED) return
      this.#readyState = CLOSED
      this.#stream?.end()
      this.dispatchEvent(new Event('error'))
      this.#announceClose()
    }

    #closed(): void {
      if (this.#readyState === CLOSED) return
      const { wasClean } = this.#close
      if (!wasClean && this.#readyState !== CLOSING) {
        this.#fail()
        return
      }
      this.#readyState = CLOSED
      this.#stream?.end()
      this.#announceClose()
    }

    #announceClose(): void {
      this.dispatchEvent(eventWith(new Event('close'), this.#close))
    }
  }
  addHandlers(WebSocket.prototype, 'open', 'message', 'error', 'close')
  return WebSocket
}

function socketUrl(url: unknown): URL {
  let target: URL
  try {
    target = absolute(url)
  } catch {
    throw new DOMException(`The URL '${url}' is invalid.`, 'SyntaxError')
  }
  target.protocol = target.protocol.replace(/^http/, 'ws')
  if (target.protocol !== 'ws:' && target.protocol !== 'wss:')
    throw new DOMException(`The URL's scheme must be ws or wss, got ${url}.`, 'SyntaxError')
  target.hash = ''
  return target
}

/** Returns undefined for bytes that are not UTF-8. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
