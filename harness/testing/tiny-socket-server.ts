import { utf8Bytes, utf8Text } from '../codec/bytes.ts'
import { headerOf } from '../codec/http1-head.ts'
import { Http1Reader } from '../codec/http1-reader.ts'
import { MessageReader } from '../codec/message-reader.ts'
import { frameBytes, OPCODE } from '../codec/websocket.ts'
import type { HttpRequest, HttpResponse } from '../core/ports/http.ts'
import type { ByteStream } from '../core/ports/stream.ts'
import type { Server, ServerDefinition } from '../core/server.ts'
import { headOfLines, type Numbered } from './socket-message.ts'
import tinyServer from './tiny-server.ts'

/** The answer to the example of RFC 6455, section 1.3. */
const SWITCHING = headOfLines(
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
)

/** The tiny server, which handles messages on WebSocket connections. */
export default {
  ...tinyServer,
  name: 'tiny-socket',
  module: import.meta.url,
  create: (ports, setup) => {
    const server = tinyServer.create(ports, setup)
    return {
      handle: (request) => server.handle(request),
      accept: (stream) => serveSocket(stream, server),
      dump: () => server.dump(),
    }
  },
} satisfies ServerDefinition

function serveSocket(stream: ByteStream, server: Pick<Server, 'handle'>): void {
  const messages = new MessageReader(({ payload }) => {
    const { n, ...request } = JSON.parse(utf8Text(payload)) as Numbered<HttpRequest>
    const respond = (response: HttpResponse) => {
      const body = utf8Bytes(JSON.stringify({ ...response, n }))
      stream.write(frameBytes(OPCODE.text, body))
    }
    const broken = { status: 500, headers: {}, body: '' }
    server.handle(request).then(respond, () => respond(broken))
  })
  const reader: Http1Reader = new Http1Reader('request', {
    head: (head) => {
      if (headerOf(head.headers, 'upgrade') !== 'websocket') {
        stream.end()
        return
      }
      stream.write(SWITCHING)
    },
    end: () => reader.upgrade(),
    upgraded: (bytes) => messages.push(bytes),
    invalid: () => stream.end(),
  })
  stream.receive({ data: (bytes) => reader.push(bytes), closed: () => {} })
}
