import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joined, utf8Bytes } from '../codec/bytes.ts'
import { anyCuts, httpBytes, inPieces } from '../codec/testing/pieces.ts'
import type { InterceptionAct, Moment, Replacement } from '../core/interception.ts'
import { FakeGateway } from './testing/fake-passage.ts'
import { FakeStream } from './testing/fake-stream.ts'

const POST = httpBytes(
  'POST /push HTTP/1.1',
  'tunnelproof-request: r1',
  'Content-Length: 2',
  '',
  'Hi',
)
const GET = httpBytes('GET /pull HTTP/1.1', 'tunnelproof-request: r2', '', '')
const CREATED = httpBytes('HTTP/1.1 201 Created', 'X: own', 'Content-Length: 4', '', 'done')
const OK = httpBytes('HTTP/1.1 200 OK', 'Content-Length: 2', '', 'ok')
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

const respond = (moment: Moment, rest: Partial<Replacement> = {}): InterceptionAct => ({
  type: 'respond',
  moment,
  replacement: { status: 503, headers: { 'retry-after': '9' }, body: { text: 'no' }, ...rest },
})
const delay = (moment: Moment): InterceptionAct => ({ type: 'delay', moment, ms: 100 })
const reset = (moment: Moment): InterceptionAct => ({ type: 'reset', moment })
/** A gateway that acts on every request with /push. */
const acting = (act: InterceptionAct) => new FakeGateway().with({ match: { path: '/push' }, act })
const opened = (at: FakeGateway) => new FakeStream(at)

describe('a stream through the gateway', () => {
  it('passes on all bytes in any pieces, one request after another, if nothing acts', () => {
    for (const at of [new FakeGateway(), acting({ type: 'lose-response' })])
      fc.assert(
        fc.property(anyCuts, anyCuts, (cutsOut, cutsIn) => {
          const stream = opened(at)
          for (const piece of inPieces(joined([GET, GET]), cutsOut)) stream.device.data(piece)
          // The second waits for the response to the first.
          expect(stream.toServer.join('')).toBe(textOf(GET))
          for (const piece of inPieces(OK, cutsIn)) stream.server.data(piece)
          expect(stream.toServer.join('')).toBe(textOf(joined([GET, GET])))
          for (const piece of inPieces(OK, cutsIn)) stream.server.data(piece)
          expect(stream.toDevice.join('')).toBe(textOf(joined([OK, OK])))
        }),
        { numRuns: 30 },
      )
  })

  it('passes on a response while it arrives', () => {
    const stream = opened(new FakeGateway())
    stream.device.data(POST)
    stream.server.data(CREATED.subarray(0, CREATED.length - 2))
    expect(stream.toDevice.join('').endsWith('\r\n\r\ndo')).toBe(true)
  })

  it('responds before the server sees the request, and keeps the connection', () => {
    const stream = opened(acting(respond('before')))
    stream.device.data(POST)
    expect(stream.toServer).toEqual([])
    expect(stream.toDevice).toEqual([
      'HTTP/1.1 503 \r\nretry-after: 9\r\ncontent-length: 2\r\n\r\nno',
    ])
    stream.device.data(GET)
    stream.server.data(OK)
    expect(stream.toDevice[1]).toBe(textOf(OK))
  })

  it.each<[string, Partial<Replacement>, string]>([
    [
      'the whole body',
      { body: 'kept' },
      'x: own\r\nretry-after: 9\r\ncontent-length: 4\r\n\r\ndone',
    ],
    [
      'half of the body',
      { body: 'cut' },
      'x: own\r\nretry-after: 9\r\ncontent-length: 2\r\n\r\ndo',
    ],
    ['no body', { status: 204 }, 'retry-after: 9\r\n\r\n'],
  ])('responds with %s after the server has acted', (_, replacement, expected) => {
    const stream = opened(acting(respond('after', replacement)))
    stream.device.data(POST)
    stream.server.data(CREATED)
    const status = replacement.status ?? 503
    expect(stream.toDevice).toEqual([`HTTP/1.1 ${status} \r\n${expected}`])
  })

  it('sends no body in response to HEAD, and closes for a client that asks for it', () => {
    const stream = opened(acting(respond('before')))
    stream.device.data(httpBytes('HEAD /push HTTP/1.1', 'Connection: close', '', ''))
    expect(stream.toDevice).toEqual([
      'HTTP/1.1 503 \r\nretry-after: 9\r\ncontent-length: 2\r\nconnection: close\r\n\r\n',
      'end',
    ])
  })

  it('delays a request, and what is pipelined behind it', async () => {
    const at = acting(delay('before'))
    const stream = opened(at)
    stream.device.data(joined([POST, GET]))
    expect(stream.toServer).toEqual([])
    await at.until(100)
    expect(stream.toServer).toEqual([textOf(POST)])
    stream.server.data(CREATED)
    expect(stream.toServer).toEqual([textOf(POST), textOf(GET)])
  })

  it('delays a response, whole', async () => {
    const at = acting(delay('after'))
    const stream = opened(at)
    stream.device.data(POST)
    stream.server.data(CREATED)
    expect(stream.toDevice).toEqual([])
    await at.until(100)
    expect(stream.toDevice).toEqual([textOf(CREATED)])
  })

  it('forwards a delayed request of a device that has closed, and drops the response', async () => {
    const at = acting(delay('before'))
    const stream = opened(at)
    stream.device.data(POST)
    stream.device.closed('end')
    await at.until(100)
    expect(stream.toServer).toEqual([textOf(POST)])
    stream.server.data(CREATED)
    expect(stream.toServer).toEqual([textOf(POST), 'end'])
    expect(stream.toDevice).toEqual([])
  })

  it.each(['before', 'after'] as const)('breaks the connection %s the server acts', (moment) => {
    const stream = opened(acting(reset(moment)))
    stream.device.data(POST)
    if (moment === 'after') stream.server.data(CREATED)
    expect(stream.toServer).toEqual(moment === 'after' ? [textOf(POST), 'end'] : [])
    expect(stream.toDevice).toEqual(['end'])
  })

  it('loses a response until the interception ends, and then breaks the connection', () => {
    const at = acting({ type: 'lose-response' })
    const stream = opened(at)
    stream.device.data(joined([POST, GET]))
    stream.server.data(CREATED)
    expect(stream.toDevice).toEqual([])
    expect(stream.toServer).toEqual([textOf(POST)])
    at.gateway.remove('a')
    expect(stream.toDevice).toEqual(['end'])
  })

  it('passes on an event stream as it arrives, also a delayed one, not a lost one', async () => {
    const events = httpBytes(
      'HTTP/1.1 200 OK',
      'Content-Type: text/event-stream',
      '',
      'data: 1\n\n',
    )
    for (const act of [delay('after'), { type: 'lose-response' } as const]) {
      const at = acting(act)
      const stream = opened(at)
      stream.device.data(POST)
      stream.server.data(events)
      expect(stream.toDevice).toEqual([])
      await at.until(100)
      stream.server.data(utf8Bytes('data: 2\n\n'))
      const isLost = act.type === 'lose-response'
      expect(stream.toDevice.join('')).toBe(isLost ? '' : `${textOf(events)}data: 2\n\n`)
    }
  })

  it('answers a client that waits before it sends its body', () => {
    const stream = opened(new FakeGateway())
    const head = ['PUT / HTTP/1.1', 'Expect: 100-continue', 'Content-Length: 1', '', '']
    stream.device.data(httpBytes(...head))
    expect(stream.toDevice).toEqual(['HTTP/1.1 100 Continue\r\n\r\n'])
    stream.device.data(utf8Bytes('x'))
    expect(stream.toServer).toEqual(['PUT / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx'])
  })

  it('passes on what is not HTTP/1.1', () => {
    fc.assert(
      fc.property(anyCuts, (cuts) => {
        const stream = opened(new FakeGateway())
        const noise = utf8Bytes('SSH-2.0-x\r\n\r\n and more')
        for (const piece of inPieces(noise, cuts)) stream.device.data(piece)
        stream.server.data(utf8Bytes('anything'))
        expect(stream.toServer.join('')).toBe(textOf(noise))
        expect(stream.toDevice).toEqual(['anything'])
      }),
    )
  })

  it('closes the connection to the server in the way in which the device closes', () => {
    for (const how of ['end', 'reset'] as const) {
      const stream = opened(new FakeGateway())
      stream.device.data(POST)
      stream.device.closed(how)
      expect(stream.toServer).toEqual([textOf(POST), how])
    }
  })

  describe('of a server that dies', () => {
    const CLOSES = httpBytes('HTTP/1.1 200 OK', '', 'until the end')

    it('refuses a connection if nothing is intercepted, and closes an open one', () => {
      expect(new FakeStream(new FakeGateway(), false).isAccepted).toBe(false)
      const stream = opened(new FakeGateway())
      stream.server.closed('end')
      expect(stream.toDevice).toEqual(['end'])
    })

    it('breaks off a response, and completes one without a length', () => {
      for (const how of ['end', 'reset'] as const) {
        const stream = opened(new FakeGateway())
        stream.device.data(POST)
        stream.server.data(CLOSES)
        stream.server.closed(how)
        expect(stream.toDevice.at(-1)).toBe(how)
      }
    })

    it('leaves the gateway a connection that came in while something is intercepted', () => {
      const at = acting(respond('before'))
      const stream = new FakeStream(at, false)
      expect(stream.isAccepted).toBe(true)
      stream.device.data(POST)
      expect(stream.toDevice[0]).toContain('503')
      stream.device.data(GET)
      expect(stream.toDevice[1]).toBe('end')
    })

    it('forwards a request that waits at the gateway to the next incarnation', async () => {
      const at = acting(delay('before'))
      const stream = opened(at)
      stream.device.data(GET)
      stream.server.data(OK)
      stream.device.data(POST)
      stream.server.closed('end')
      await at.until(100)
      expect(stream.servers).toHaveLength(2)
      stream.server.data(CREATED)
      expect(stream.toDevice).toEqual([textOf(OK), textOf(CREATED)])
    })

    it('passes on a whole response that is delayed, and closes then', async () => {
      const at = acting(delay('after'))
      const stream = opened(at)
      stream.device.data(POST)
      stream.server.data(CREATED)
      stream.server.closed('end')
      expect(stream.toDevice).toEqual([])
      await at.until(100)
      expect(stream.toDevice).toEqual([textOf(CREATED), 'end'])
    })
  })
})
