import { utf8Bytes, utf8Text } from '../codec/bytes.ts'
import { Http1Reader } from '../codec/http1-reader.ts'
import { MessageReader } from '../codec/message-reader.ts'
import { frameBytes, OPCODE } from '../codec/websocket.ts'
import type { ClientDefinition } from '../core/client.ts'
import type { Clock } from '../core/ports/clock.ts'
import {
  type Http,
  HttpError,
  type HttpFailure,
  type HttpRequest,
  type HttpResponse,
} from '../core/ports/http.ts'
import type { ByteStream, Connect, StreamEnd } from '../core/ports/stream.ts'
import { headOfLines, type Numbered } from './socket-message.ts'
import tinyClient from './tiny-client.ts'

const MASK = Uint8Array.of(1, 2, 3, 4)
/** The key is the example of RFC 6455, section 1.3. */
const HANDSHAKE = headOfLines(
  'GET /socket HTTP/1.1',
  'Host: server.test',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Extensions: permessage-deflate',
)

/** The tiny client, whose requests are messages on one WebSocket connection. */
export default {
  ...tinyClient,
  name: 'tiny-socket',
  module: import.meta.url,
  create: (ports, identity) =>
    tinyClient.create({ ...ports, http: httpOverSocket(ports.connect, ports.clock) }, identity),
} satisfies ClientDefinition

function httpOverSocket(connect: Connect, clock: Clock): Http {
  let socket: Socket | undefined
  let count = 0
  return {
    request: (request, abort) =>
      new Promise<HttpResponse>((resolve, reject) => {
        if (!socket?.isOpen) socket = new Socket(connect())
        const fail = (failure: HttpFailure) => {
          timer?.cancel()
          reject(new HttpError(failure))
        }
        const { deadline, ...sent } = request
        const timer =
          deadline === undefined
            ? undefined
            : clock.after(deadline, () => {
                // A connection that does not answer is broken.
                socket?.abandon()
                fail('timeout')
              })
        abort?.addEventListener('abort', () => fail('aborted'))
        const settle = (response: HttpResponse) => {
          timer?.cancel()
          resolve(response)
        }
        socket.send({ ...sent, n: ++count }, settle, fail)
      }),
  }
}

class Socket {
  isOpen = true
  readonly #stream: ByteStream
  /** The frames that wait for the handshake; undefined after it. */
  #early: Uint8Array[] | undefined = []
  readonly #waiting = new Map<
    number,
    { settle(response: HttpResponse): void; fail(failure: HttpFailure): void }
  >()

  constructor(stream: ByteStream) {
    this.#stream = stream
    const messages = new MessageReader(({ payload }) => {
      const { n, ...response } = JSON.parse(utf8Text(payload)) as Numbered<HttpResponse>
      this.#waiting.get(n)?.settle(response)
      this.#waiting.delete(n)
    })
    const reader = new Http1Reader('response', {
      head: (head) => {
        if (head.kind === 'response' && head.status === 101) {
          for (const bytes of this.#early ?? []) stream.write(bytes)
          this.#early = undefined
        } else this.abandon()
      },
      upgraded: (bytes) => messages.push(bytes),
      invalid: () => this.abandon(),
    })
    stream.receive({
      data: (bytes) => reader.push(bytes),
      closed: (how) => this.#close(how),
    })
    stream.write(HANDSHAKE)
  }

  send(
    request: Numbered<HttpRequest>,
    settle: (response: HttpResponse) => void,
    fail: (failure: HttpFailure) => void,
  ): void {
    this.#waiting.set(request.n, { settle, fail })
    const frame = frameBytes(OPCODE.text, utf8Bytes(JSON.stringify(request)), MASK)
    if (this.#early) this.#early.push(frame)
    else this.#stream.write(frame)
  }

  abandon(): void {
    this.#stream.reset()
    this.#close('reset')
  }

  #close(how: StreamEnd): void {
    this.isOpen = false
    for (const { fail } of this.#waiting.values()) fail(how === 'refused' ? 'refused' : 'reset')
    this.#waiting.clear()
  }
}
