import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joined, latin1, utf8Bytes, utf8Text } from '../../codec/bytes.ts'
import { StreamSide } from '../../codec/stream-side.ts'
import { anyCuts, httpBytes, inPieces } from '../../codec/testing/pieces.ts'
import { frameBytes, OPCODE } from '../../codec/websocket.ts'
import type { EventBody } from '../../core/event.ts'
import { CodeUnderTest } from './code-under-test.ts'
import { observedConnect } from './device-edge.ts'
import { RequestLog } from './request-log.ts'

const POST = [
  httpBytes('POST /push?a=1 HTTP/1.1', 'X: y', 'Content-Length: 16', '', ''),
  utf8Bytes('⟦m1 ana-1⟧é'),
]
const GET = httpBytes('GET /pull HTTP/1.1', '', '')
const CREATED = httpBytes('HTTP/1.1 201 Created', 'Content-Length: 4', '', 'done')
const OK = httpBytes('HTTP/1.1 200 OK', 'Content-Length: 2', '', 'ok')
const MASK = Uint8Array.of(5, 6, 7, 8)

/** A client's connection, the events and what has come out at both ends, in one order. */
function edge() {
  const events: EventBody[] = []
  const order: string[] = []
  const [sent, received]: [Uint8Array[], Uint8Array[]] = [[], []]
  const record = (event: EventBody) => {
    events.push(event)
    if (event.type === 'request') order.push(`${event.requestId} ${event.method}`)
    if (event.type === 'response') order.push(`${event.requestId}: ${event.outcome}`)
  }
  const code = new CodeUnderTest(
    {
      emit: record,
      onCrash: (error) => {
        throw error
      },
    },
    {},
  )
  const world = new StreamSide({
    write: (bytes) => void sent.push(bytes),
    end: () => void order.push('sent: end'),
    reset: () => void order.push('sent: reset'),
  })
  let count = 0
  const log = new RequestLog({ nextId: () => `r${++count}`, emit: record })
  const client = observedConnect({ connect: () => world, log, code })()
  client.receive({
    data: (bytes) => {
      received.push(bytes)
      order.push(`received: ${utf8Text(bytes).split('\r\n')[0]}`)
    },
    closed: (how) => void order.push(`closed: ${how}`),
  })
  return { client, world, code, events, order, sent, received }
}

describe('the edge of a device', () => {
  it('records requests and responses, and changes only the headers, in any pieces', () => {
    fc.assert(
      fc.property(anyCuts, anyCuts, (cutsOut, cutsIn) => {
        const { client, world, events, sent, received } = edge()
        for (const piece of inPieces(joined([...POST, GET]), cutsOut)) client.write(piece)
        for (const piece of inPieces(joined([CREATED, OK]), cutsIn)) world.data(piece)
        expect(events.map((event) => ({ ...event, headers: undefined }))).toMatchObject([
          {
            ...{ type: 'request', requestId: 'r1', method: 'POST', path: '/push?a=1', bytes: 16 },
            ...{ opIds: ['ana-1'], body: '⟦m1 ana-1⟧é' },
          },
          { type: 'request', requestId: 'r2', method: 'GET', path: '/pull', bytes: 0, opIds: [] },
          {
            ...{ type: 'response', requestId: 'r1', outcome: 'response', status: 201, bytes: 4 },
            body: 'done',
          },
          { type: 'response', requestId: 'r2', outcome: 'response', status: 200, bytes: 2 },
        ])
        const text = latin1(joined(sent))
        expect(text.match(/tunnelproof-request: r\d\r\n/g)).toHaveLength(2)
        expect(text.replace(/tunnelproof-request: r\d\r\n/g, '')).toBe(
          latin1(joined([...POST, GET])),
        )
        expect(joined(received)).toEqual(joined([CREATED, OK]))
      }),
    )
  })

  it('records a response before its last bytes are passed on, one after another', () => {
    const { client, world, order } = edge()
    client.write(joined([GET, GET]))
    world.data(joined([OK, CREATED]))
    expect(order).toEqual([
      ...['r1 GET', 'r2 GET', 'r1: response', 'received: HTTP/1.1 200 OK'],
      ...['r2: response', 'received: HTTP/1.1 201 Created'],
    ])
  })

  it.each([
    ['refused', [], 'refused', 'refused'],
    ['closed before the response', [], 'end', 'reset'],
    ['broken before the response', [], 'reset', 'reset'],
    ['broken within the response', [CREATED.subarray(0, -1)], 'reset', 'cut'],
    ['broken within the head of the response', [CREATED.subarray(0, 30)], 'end', 'cut'],
  ] as const)('records a connection that was %s', (_, arrived, how, outcome) => {
    const { client, world, events, order } = edge()
    client.write(joined(POST))
    for (const bytes of arrived) world.data(bytes)
    world.closed(how)
    expect(events.at(-1)).toEqual({ type: 'response', requestId: 'r1', outcome })
    expect(order.at(-1)).toBe(`closed: ${how}`)
  })

  it('records a request of which not all was written, when its connection breaks', () => {
    const { client, world, order } = edge()
    client.write(joined(POST).subarray(0, -1))
    expect(order).toEqual([])
    world.closed('reset')
    expect(order).toEqual(['r1 POST', 'r1: reset', 'closed: reset'])
  })

  it.each(['end', 'reset'] as const)('records what the client gives up by %s', (close) => {
    const { client, world, order } = edge()
    client.write(GET)
    client[close]()
    world.data(OK)
    expect(order).toEqual(['r1 GET', 'r1: aborted', `sent: ${close}`])
  })

  it('records a response that comes before the request is whole', () => {
    const { client, world, order, sent } = edge()
    client.write(joined(POST).subarray(0, -2))
    world.data(CREATED)
    client.write(joined(POST).subarray(-2))
    expect(order).toEqual(['r1 POST', 'r1: response', 'received: HTTP/1.1 201 Created'])
    expect(utf8Text(joined(sent)).endsWith('⟦m1 ana-1⟧é')).toBe(true)
  })

  it('records an event stream at its head, and no failure when it breaks', () => {
    const { client, world, events } = edge()
    client.write(GET)
    world.data(httpBytes('HTTP/1.1 200 OK', 'Content-Type: text/event-stream; x', '', 'data: 1'))
    expect(events[1]).toMatchObject({ requestId: 'r1', outcome: 'response', goesOn: true })
    expect(events[1]).not.toHaveProperty('bytes')
    world.data(utf8Bytes('\n\n'))
    world.closed('reset')
    expect(events).toHaveLength(2)
  })

  it('records WebSocket messages, whose extensions it removes', () => {
    const { client, world, events, sent } = edge()
    const extensions = 'Sec-WebSocket-Extensions: permessage-deflate'
    client.write(httpBytes('GET /ws HTTP/1.1', 'Upgrade: websocket', extensions, '', ''))
    expect(latin1(joined(sent))).not.toMatch(/extensions/i)
    world.data(httpBytes('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', '', ''))
    client.write(frameBytes(OPCODE.text, utf8Bytes('Hi ⟦m1 ana-1⟧'), MASK))
    client.write(frameBytes(OPCODE.pong, new Uint8Array(0), MASK))
    client.write(frameBytes(OPCODE.binary, Uint8Array.of(0xff, 0x00), MASK))
    world.closed('end')
    expect(events.slice(1)).toMatchObject([
      { type: 'response', requestId: 'r1', status: 101, goesOn: true },
      {
        ...{ type: 'request', requestId: 'r1/1', method: 'MESSAGE', path: '/ws' },
        ...{ messageOf: 'r1', opIds: ['ana-1'], body: 'Hi ⟦m1 ana-1⟧' },
      },
      { type: 'response', requestId: 'r1/1', outcome: 'sent' },
      { type: 'request', requestId: 'r1/2', messageOf: 'r1', opIds: [], bytes: 2 },
      { type: 'response', requestId: 'r1/2', outcome: 'sent' },
    ])
  })

  it('passes on what is not HTTP/1.1, and records nothing', () => {
    const { client, world, events, sent, received } = edge()
    client.write(utf8Bytes('*1\r\n$4\r\nPING\r\n\r\n'))
    world.data(utf8Bytes('+PONG\r\n\r\n'))
    world.data(utf8Bytes('more'))
    expect(utf8Text(joined(sent))).toBe('*1\r\n$4\r\nPING\r\n\r\n')
    expect(utf8Text(joined(received))).toBe('+PONG\r\n\r\nmore')
    expect(events).toEqual([])
  })

  it('passes on nothing after the death of the client', () => {
    const { client, world, code, order, sent } = edge()
    client.write(GET)
    code.revoke()
    client.write(GET)
    client.end()
    world.data(OK)
    world.closed('end')
    expect(order).toEqual(['r1 GET'])
    expect(sent).toHaveLength(1)
  })
})
