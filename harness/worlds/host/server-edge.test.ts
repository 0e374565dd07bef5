import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joined, latin1, utf8Bytes, utf8Text } from '../../codec/bytes.ts'
import { StreamSide } from '../../codec/stream-side.ts'
import { anyCuts, httpBytes, inPieces } from '../../codec/testing/pieces.ts'
import { frameBytes, OPCODE } from '../../codec/websocket.ts'
import { CodeUnderTest } from './code-under-test.ts'
import { observedStream } from './server-edge.ts'

const request = (id: string, upgrade = 'X: y') =>
  httpBytes('POST / HTTP/1.1', `tunnelproof-request: ${id}`, upgrade, 'Content-Length: 1', '', 'x')
const OK = httpBytes('HTTP/1.1 200 OK', 'Content-Length: 2', '', 'ok')
const SWITCHING = httpBytes('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', '', '')
const MASK = Uint8Array.of(5, 6, 7, 8)
const message = (text: string) => frameBytes(OPCODE.text, utf8Bytes(text), MASK)

/** A server's connection; `looks` are the readings that have been asked for and are not there. */
function edge({ looksAtOnce = true } = {}) {
  const order: string[] = []
  const [sent, received]: [Uint8Array[], Uint8Array[]] = [[], []]
  const looks: (() => void)[] = []
  const code = new CodeUnderTest({ emit: () => {}, onCrash: () => {} }, {})
  const outer = new StreamSide({
    write: (bytes) => {
      sent.push(bytes)
      order.push('left')
    },
    end: () => void order.push('left: end'),
    reset: () => void order.push('left: reset'),
  })
  const server = observedStream({
    outer,
    code,
    emit: (event) => {
      const status = event.type === 'serverResponded' ? ` ${event.status}` : ''
      order.push(`${event.type} ${event.requestId}${status}`)
    },
    afterLook: (task) => {
      if (looksAtOnce) task()
      else looks.push(task)
    },
    onSilentWrite: () => void order.push('silent write'),
  })
  server.receive({
    data: (bytes) => {
      received.push(bytes)
      order.push('reached')
    },
    closed: (how) => void order.push(`closed: ${how}`),
  })
  return { outer, server, code, order, looks, sent, received }
}
const written = () => Promise.resolve()

describe('the edge of a server', () => {
  it('records arrivals and answers, and changes nothing, in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(anyCuts, anyCuts, async (cutsOut, cutsIn) => {
        const { outer, server, order, sent, received } = edge()
        const requests = joined([request('r1'), httpBytes('GET / HTTP/1.1', '', ''), request('r2')])
        for (const piece of inPieces(requests, cutsOut)) outer.data(piece)
        for (const piece of inPieces(joined([OK, OK, OK]), cutsIn)) server.write(piece)
        await written()
        expect(order.filter((what) => what.startsWith('server'))).toEqual([
          ...['serverReceived r1', 'serverReceived r2'],
          ...['serverResponded r1 200', 'serverResponded r2 200'],
        ])
        expect(joined(received)).toEqual(requests)
        expect(latin1(joined(sent))).toBe(latin1(joined([OK, OK, OK])))
      }),
    )
  })

  it('records an arrival before the server has it, and a response before it leaves', async () => {
    const { outer, server, order } = edge()
    outer.data(request('r1'))
    server.write(OK)
    await written()
    expect(order).toEqual(['serverReceived r1', 'reached', 'serverResponded r1 200', 'left'])
  })

  it('reads once for all that is written at once, and again for what comes later', async () => {
    const { outer, server, order, looks } = edge({ looksAtOnce: false })
    outer.data(request('r1'))
    server.write(OK.subarray(0, -1))
    server.write(OK.subarray(-1))
    await written()
    expect(looks).toHaveLength(1)
    server.write(utf8Bytes('HTTP'))
    server.end()
    await written()
    expect(looks).toHaveLength(2)
    expect(order).not.toContain('left')
    looks[0]?.()
    expect(order.filter((what) => what.startsWith('left'))).toEqual(['left', 'left'])
    looks[1]?.()
    expect(order.at(-1)).toBe('left: end')
  })

  it('records an event stream and an upgrade at their heads', async () => {
    const { outer, server, order } = edge()
    outer.data(request('r1'))
    server.write(httpBytes('HTTP/1.1 200 OK', 'Content-Type: text/event-stream', '', 'data: 1\n'))
    await written()
    server.write(utf8Bytes('\n'))
    server.end()
    await written()
    expect(order.filter((what) => what.startsWith('serverResp'))).toEqual([
      'serverResponded r1 200',
    ])
  })

  it('records the messages on a WebSocket, and tells of those that carry a write', async () => {
    const { outer, server, order } = edge()
    outer.data(request('r1', 'Upgrade: websocket'))
    server.write(SWITCHING)
    await written()
    order.length = 0
    outer.data(message('hello'))
    outer.data(message('Hi ⟦m1 ana-1⟧'))
    server.write(frameBytes(OPCODE.text, utf8Bytes('stored')))
    await written()
    expect(order).toEqual([
      ...['serverReceived r1/1', 'reached'],
      ...['serverReceived r1/2', 'silent write', 'reached', 'left'],
    ])
  })

  it('passes on the end of the device, and nothing that comes after the own end', async () => {
    const closed = edge()
    closed.outer.closed('reset')
    expect(closed.order).toEqual(['closed: reset'])
    const { outer, server, order } = edge()
    server.write(utf8Bytes('bye'))
    server.end()
    outer.data(request('r1'))
    await written()
    expect(order).toEqual(['left', 'left: end'])
  })

  it('breaks a connection at once', async () => {
    const { server, order, sent } = edge()
    server.write(utf8Bytes('lost'))
    server.reset()
    await written()
    expect([order, sent.map(utf8Text)]).toEqual([['left: reset'], []])
  })

  it('passes on nothing after the death of the server', async () => {
    const { outer, server, code, order, looks } = edge({ looksAtOnce: false })
    outer.data(request('r1'))
    server.write(OK)
    await written()
    code.revoke()
    looks[0]?.()
    server.reset()
    outer.data(request('r2'))
    expect(order).toEqual(['serverReceived r1', 'reached'])
  })
})
