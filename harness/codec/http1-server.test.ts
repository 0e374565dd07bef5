import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HttpRequest, HttpResponse } from '../core/ports/http.ts'
import { joined, utf8Bytes, utf8Text } from './bytes.ts'
import { type Http1Handler, serveHttp1 } from './http1-server.ts'
import { StreamSide } from './stream-side.ts'
import { anyCuts, httpBytes, inPieces } from './testing/pieces.ts'

function served(handle: Http1Handler) {
  const written: Uint8Array[] = []
  let isEnded = false
  const stream = new StreamSide({
    write: (bytes) => void written.push(bytes),
    end: () => {
      isEnded = true
    },
    reset: () => {},
  })
  serveHttp1(stream, handle)
  return {
    send: (...pieces: Uint8Array[]) => {
      for (const piece of pieces) stream.data(piece)
    },
    close: () => stream.closed('end'),
    text: () => utf8Text(joined(written)),
    isEnded: () => isEnded,
  }
}

/** Responds with what was requested. */
const echo: Http1Handler = ({ method, path, headers, body = '' }, respond) =>
  respond({
    status: 200,
    headers: { 'x-asked': headers?.['x-ask'] ?? '', connection: 'dropped' },
    body: `${method} ${path} ${body}`,
  })

const answer = (body: string, asked = '') =>
  `HTTP/1.1 200 \r\nx-asked: ${asked}\r\ncontent-length: ${utf8Bytes(body).length}\r\n\r\n${body}`

describe('serveHttp1', () => {
  it('handles requests one after another on a connection, in any pieces', () => {
    const all = joined([
      httpBytes('GET /a?b=c HTTP/1.1', 'X-Ask: me', '', ''),
      httpBytes('POST /p HTTP/1.1', 'Content-Length: 2', '', ''),
      utf8Bytes('é'),
      httpBytes('PATCH /q HTTP/1.1', 'Transfer-Encoding: chunked', '', '1', 'x', '0', '', ''),
    ])
    fc.assert(
      fc.property(anyCuts, (cuts) => {
        const connection = served(echo)
        connection.send(...inPieces(all, cuts))
        expect(connection.text()).toBe(
          answer('GET /a?b=c ', 'me') + answer('POST /p é') + answer('PATCH /q x'),
        )
        expect(connection.isEnded()).toBe(false)
      }),
    )
  })

  it('lets a pipelined request wait for the response to the one before', () => {
    const waiting: ((response: HttpResponse) => void)[] = []
    const handled: HttpRequest[] = []
    const connection = served((request, respond) => {
      handled.push(request)
      waiting.push(respond)
    })
    connection.send(httpBytes('GET /1 HTTP/1.1', '', 'GET /2 HTTP/1.1', '', ''))
    expect(handled.map(({ path }) => path)).toEqual(['/1'])
    waiting[0]?.({ status: 204, headers: {}, body: 'no' })
    expect(handled.map(({ path }) => path)).toEqual(['/1', '/2'])
    expect(connection.text()).toBe('HTTP/1.1 204 \r\n\r\n')
    connection.close()
    waiting[1]?.({ status: 200, headers: {}, body: 'nobody listens' })
    expect(connection.text()).toBe('HTTP/1.1 204 \r\n\r\n')
  })

  it('handles HEAD as GET, and sends the length without the body', () => {
    const connection = served(echo)
    connection.send(httpBytes('HEAD /h HTTP/1.1', '', ''))
    expect(connection.text()).toBe('HTTP/1.1 200 \r\nx-asked: \r\ncontent-length: 7\r\n\r\n')
  })

  it('responds 405 to a method that a request of ours cannot have', () => {
    const connection = served(echo)
    connection.send(httpBytes('OPTIONS * HTTP/1.1', '', ''))
    expect(connection.text()).toContain('HTTP/1.1 405 \r\n')
    expect(connection.text()).toContain('allow: GET, POST, PUT, PATCH, DELETE\r\n')
  })

  it.each([
    ['HTTP/1.1', 'Connection: close'],
    ['HTTP/1.0', 'X: y'],
  ])('closes after the response to a client of %s with %s', (version, header) => {
    const connection = served(echo)
    connection.send(httpBytes(`GET / ${version}`, header, '', 'GET /2 HTTP/1.1', '', ''))
    expect(connection.isEnded()).toBe(true)
    expect(connection.text()).toContain('connection: close\r\n')
    expect(connection.text()).not.toContain('/2')
  })

  it('lets a client that expects it send its body', () => {
    const connection = served(echo)
    connection.send(
      httpBytes('PUT /e HTTP/1.1', 'Expect: 100-continue', 'Content-Length: 1', '', ''),
    )
    expect(connection.text()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    connection.send(utf8Bytes('!'))
    expect(connection.text()).toContain('PUT /e !')
  })

  it('responds 400 to what is not HTTP/1.1, after the responses that are due', () => {
    const connection = served(echo)
    connection.send(httpBytes('GET / HTTP/1.1', '', 'nonsense', '', ''))
    expect(connection.text()).toContain(answer('GET / '))
    expect(connection.text()).toContain('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n')
    expect(connection.isEnded()).toBe(true)
  })
})
