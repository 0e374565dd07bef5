import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joined, latin1, utf8Bytes, utf8Text } from './bytes.ts'
import { Conversation, type Trip } from './conversation.ts'
import { anyCuts, Collected, httpBytes, inPieces } from './testing/pieces.ts'
import { frameBytes, OPCODE } from './websocket.ts'

const POST = httpBytes('POST /a HTTP/1.1', 'Content-Length: 5', '', 'hello')
const CHUNKED = httpBytes(
  ...['PUT /b HTTP/1.1', 'Transfer-Encoding: chunked', ''],
  ...['2', 'ab', '1', 'c', '0', '', ''],
)
const HEAD = httpBytes('HEAD /c HTTP/1.1', '', '')
const GET = httpBytes('GET /s HTTP/1.1', 'Upgrade: websocket', '', '')
const OK = httpBytes('HTTP/1.1 200 OK', 'Content-Length: 3', '', 'yes')
const CREATED = httpBytes(
  ...['HTTP/1.1 100 Continue', '', 'HTTP/1.1 201 Created', 'Transfer-Encoding: chunked', ''],
  ...['3', 'new', '0', '', ''],
)
const NO_BODY = httpBytes('HTTP/1.1 200 OK', 'Content-Length: 7', '', '')
const SWITCHING = httpBytes('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', '', '')
const STREAM = httpBytes('HTTP/1.1 200 OK', 'Content-Type: text/event-stream', '', 'data: 1\n\n')
const MASK = Uint8Array.of(1, 2, 3, 4)
const MESSAGES = joined([
  frameBytes(OPCODE.text, utf8Bytes('one'), MASK),
  frameBytes(OPCODE.ping, utf8Bytes('?'), MASK),
  frameBytes(OPCODE.binary, utf8Bytes('two'), MASK),
])

/** A conversation that lists what it reads, and how many bytes had passed on by then. */
function listed() {
  const log: string[] = []
  const [toServer, toClient] = [new Collected(), new Collected()]
  const nameOf = ({ head }: Trip) => `${head.method} ${head.path}`
  const conversation = new Conversation({
    toServer: toServer.add,
    toClient: toClient.add,
    requestBegins: (trip) => {
      log.push(`begins ${nameOf(trip)}`)
      return { ...trip.head, headers: [...trip.head.headers, ['x-id', '1']] }
    },
    requestEnds: (trip) => log.push(`ends ${nameOf(trip)} ${utf8Text(joined(trip.body))}`),
    responds: (trip, isWhole) => {
      const body = isWhole ? ` ${utf8Text(joined(trip.beginning))}` : '…'
      log.push(`${trip.response?.status} to ${nameOf(trip)}${body}`)
    },
    message: (trip, { number, payload }) =>
      log.push(`message ${number} on ${nameOf(trip)}: ${utf8Text(payload)}`),
  })
  return { conversation, log, toServer, toClient }
}

describe('Conversation', () => {
  it('reads requests, responses and messages in any pieces, and passes on every byte', () => {
    const requests = [POST, CHUNKED, HEAD, GET]
    const responses = [OK, CREATED, NO_BODY, SWITCHING]
    fc.assert(
      fc.property(anyCuts, anyCuts, (cutsOut, cutsIn) => {
        const { conversation, log, toServer, toClient } = listed()
        for (const piece of inPieces(joined(requests), cutsOut)) conversation.fromClient(piece)
        for (const piece of inPieces(joined(responses), cutsIn)) conversation.fromServer(piece)
        for (const piece of inPieces(MESSAGES, cutsOut)) conversation.fromClient(piece)
        expect(log).toEqual([
          ...['begins POST /a', 'ends POST /a hello', 'begins PUT /b', 'ends PUT /b abc'],
          ...['begins HEAD /c', 'ends HEAD /c ', 'begins GET /s', 'ends GET /s '],
          ...['200 to POST /a yes', '201 to PUT /b new', '200 to HEAD /c ', '101 to GET /s…'],
          ...['message 1 on GET /s: one', 'message 2 on GET /s: two'],
        ])
        const sent = latin1(joined([...requests, MESSAGES]))
        expect(toServer.text.replaceAll('x-id: 1\r\n', '')).toBe(sent)
        expect(toClient.text).toBe(latin1(joined(responses)))
      }),
    )
  })

  it('tells of a request and of a response before it passes on their last bytes', () => {
    const { conversation, log, toServer, toClient } = listed()
    conversation.fromClient(POST.subarray(0, POST.length - 1))
    expect(log).toEqual(['begins POST /a'])
    expect(toServer.text.endsWith('hell')).toBe(true)
    conversation.fromClient(POST.subarray(POST.length - 1))
    conversation.fromServer(OK.subarray(0, OK.length - 1))
    expect(toClient.text.endsWith('ye')).toBe(true)
    expect(log).toHaveLength(2)
    conversation.fromServer(OK.subarray(OK.length - 1))
    expect(log.at(-1)).toBe('200 to POST /a yes')
  })

  it('tells of an event stream once, at its head', () => {
    const { conversation, log, toClient } = listed()
    conversation.fromClient(HEAD)
    conversation.fromServer(NO_BODY)
    conversation.fromClient(GET)
    conversation.fromServer(STREAM)
    conversation.fromServer(utf8Bytes('data: 2\n\n'))
    conversation.serverEnded()
    expect(log.slice(3)).toEqual(['begins GET /s', 'ends GET /s ', '200 to GET /s…'])
    expect(toClient.text.endsWith('data: 1\n\ndata: 2\n\n')).toBe(true)
  })

  it('completes a response without a length when the server closes', () => {
    const { conversation, log } = listed()
    conversation.fromClient(POST)
    conversation.fromServer(httpBytes('HTTP/1.1 200 OK', '', 'until the end'))
    expect(log).toHaveLength(2)
    conversation.serverEnded()
    expect(log.at(-1)).toBe('200 to POST /a until the end')
    expect(conversation.takeUnanswered()).toEqual([])
  })

  it('returns the requests that have no whole response', () => {
    const { conversation } = listed()
    conversation.fromClient(joined([POST, CHUNKED]))
    conversation.fromServer(OK.subarray(0, 30))
    const [first, second, ...others] = conversation.takeUnanswered()
    expect([first?.head.path, second?.head.path, others.length]).toEqual(['/a', '/b', 0])
  })

  it('passes on what is not HTTP/1.1, in any pieces, and tells of nothing', () => {
    const noise = utf8Bytes('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n and more')
    fc.assert(
      fc.property(anyCuts, anyCuts, (cutsOut, cutsIn) => {
        const { conversation, log, toServer, toClient } = listed()
        for (const piece of inPieces(noise, cutsOut)) conversation.fromClient(piece)
        for (const piece of inPieces(noise, cutsIn)) conversation.fromServer(piece)
        expect([log, toServer.text, toClient.text]).toEqual([[], latin1(noise), latin1(noise)])
      }),
    )
  })

  it('passes on what follows a chunk that is wrong, in any pieces', () => {
    const wrong = joined([
      httpBytes('POST /w HTTP/1.1', 'Transfer-Encoding: chunked', '', 'zz', 'rest'),
      utf8Bytes(' and more'),
    ])
    fc.assert(
      fc.property(anyCuts, (cuts) => {
        const { conversation, toServer } = listed()
        for (const piece of inPieces(wrong, cuts)) conversation.fromClient(piece)
        expect(toServer.text.replace('x-id: 1\r\n', '')).toBe(latin1(wrong))
      }),
    )
  })
})
