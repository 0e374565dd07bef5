import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joined, latin1, latin1Bytes, utf8Bytes, utf8Text } from './bytes.ts'
import { type Head, headBytes } from './http1-head.ts'
import { Http1Reader } from './http1-reader.ts'
import { FrameReader, frameBytes, MessageAssembler, OPCODE } from './websocket.ts'

/** Pushes a text in pieces that end at `cuts`, and returns what a reader told. */
function read(
  kind: 'request' | 'response',
  text: string,
  cuts: readonly number[] = [],
  method?: string,
) {
  const told: string[] = []
  const rawParts: Uint8Array[] = []
  let body = ''
  const nameOf = (head: Head) =>
    head.kind === 'request' ? `${head.method} ${head.path}` : `${head.status} ${head.reason}`
  const reader = new Http1Reader(
    kind,
    {
      head: (head) => {
        told.push(`head ${nameOf(head)}`)
        rawParts.push(headBytes(head))
      },
      raw: (bytes) => void rawParts.push(bytes),
      body: (payload) => {
        body += latin1(payload)
      },
      end: () => {
        told.push(`end ${body}`)
        body = ''
      },
      upgraded: (bytes) => void told.push(`upgraded ${latin1(bytes)}`),
      invalid: (reason) => void told.push(`invalid: ${reason}`),
    },
    () => method,
  )
  const places = [0, ...[...cuts].sort((a, b) => a - b), text.length]
  for (const [i, place] of places.entries())
    if (i > 0) reader.push(latin1Bytes(text.slice(places[i - 1], place)))
  return { told, raw: latin1(joined(rawParts)), reader }
}

const GET = 'GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n'
const POST = 'POST /p HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello'
const CHUNKED =
  'POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n10;x=y\r\n0123456789abcdef\r\n0\r\nTrailer: t\r\n\r\n'

describe('Http1Reader', () => {
  it('reads messages one after another, in any pieces, and keeps their bytes', () => {
    const text = GET + POST + CHUNKED + GET
    const whole = read('request', text)
    expect(whole.told).toEqual([
      ...['head GET /a?b=c', 'end ', 'head POST /p', 'end hello'],
      ...['head POST /c', 'end abc0123456789abcdef', 'head GET /a?b=c', 'end '],
    ])
    expect(whole.raw).toBe(text)
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
        const { told, raw } = read('request', text, cuts)
        expect(told).toEqual(whole.told)
        expect(raw).toBe(text)
      }),
    )
  })

  it.each([
    ['204 and no length', 'HTTP/1.1 204 No Content\r\n\r\n', ['head 204 No Content', 'end ']],
    [
      '100 before 200',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx',
      ['head 100 Continue', 'head 200 OK', 'end x'],
    ],
    [
      'a 101',
      'HTTP/1.1 101 Switching\r\n\r\nrest',
      ['head 101 Switching', 'upgraded ', 'upgraded rest'],
    ],
    ['no reason', 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', ['head 200 ', 'end ']],
    ['nonsense', 'hello\r\n\r\n', ['invalid: its first line is no status']],
    [
      'a wrong length',
      'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n',
      ['invalid: its length is unreadable'],
    ],
    [
      'a wrong chunk',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      ['head 200 OK', 'invalid: the size of a chunk is unreadable'],
    ],
  ])('reads a response with %s', (_, text, told) => {
    expect(read('response', text).told).toEqual(told)
  })

  it('knows that a response to HEAD has no body', () => {
    const text = 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n'
    expect(read('response', text, [], 'HEAD').told).toEqual(['head 200 OK', 'end '])
  })

  it('completes a body without a length when the connection closes', () => {
    const { told, reader } = read('response', 'HTTP/1.0 200 OK\r\n\r\nall of it')
    expect(told).toEqual(['head 200 OK'])
    reader.close()
    expect(told).toEqual(['head 200 OK', 'end all of it'])
  })

  it.each([
    ['a request', 'request', '\x16\x03\x01'],
    ['a response', 'response', '220 mail'],
  ] as const)('knows at once what cannot become %s', (_, kind, text) => {
    expect(read(kind, text).told).toEqual([expect.stringContaining('its first line is no')])
    expect(read(kind, kind === 'request' ? 'GE' : 'HTT').told).toEqual([])
  })

  it('returns what it has not read when the connection closes within a line', () => {
    const unread: string[] = []
    const reader = new Http1Reader('request', {
      head: () => {},
      invalid: (_, bytes) => void unread.push(latin1(bytes)),
    })
    reader.push(latin1Bytes('GET / HTTP/1.1\r\nHo'))
    reader.close()
    expect(unread).toEqual(['GET / HTTP/1.1\r\nHo'])
  })

  it('limits a head', () => {
    expect(read('request', `GET / HTTP/1.1\r\nX: ${'x'.repeat(70_000)}`).told).toEqual([
      'invalid: its head is too long',
    ])
  })
})

describe('the frames of a WebSocket', () => {
  it('are read as they were written, in any pieces', () => {
    const sizes = fc.constantFrom(0, 1, 125, 126, 200, 65_535, 65_536)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(sizes, fc.boolean(), fc.boolean()), { maxLength: 5 }),
        fc.array(fc.nat(70_000), { maxLength: 6 }),
        (frames, cuts) => {
          const sent = frames.map(([size, isText, isMasked]) => {
            const payload = new Uint8Array(size).fill(65)
            const opcode = isText ? OPCODE.text : OPCODE.binary
            const mask = isMasked ? Uint8Array.of(1, 2, 3, 4) : undefined
            return { opcode, payload, raw: frameBytes(opcode, payload, mask) }
          })
          const all = joined(sent.map(({ raw }) => raw))
          const received: unknown[] = []
          const reader = new FrameReader(({ opcode, payload, raw }) =>
            received.push({ opcode, payload: latin1(payload), raw: latin1(raw) }),
          )
          const places = [0, ...[...cuts].sort((a, b) => a - b), all.length]
          for (let i = 1; i < places.length; i++)
            reader.push(all.subarray(places[i - 1], places[i]))
          expect(received).toEqual(
            sent.map(({ opcode, payload, raw }) => ({
              opcode,
              payload: latin1(payload),
              raw: latin1(raw),
            })),
          )
        },
      ),
      { numRuns: 30 },
    )
  })

  it('make a message, with control frames in between', () => {
    const assembler = new MessageAssembler()
    const frame = (opcode: number, text: string, isFinal: boolean) =>
      assembler.add({
        ...{ opcode, isFinal, isExtended: false },
        ...{ payload: utf8Bytes(text), raw: new Uint8Array(0) },
      })
    expect(frame(OPCODE.text, 'Grü', false)).toBeUndefined()
    expect(frame(OPCODE.ping, 'x', true)).toBeUndefined()
    const message = frame(OPCODE.continuation, 'ße', true)
    expect(message?.isText).toBe(true)
    expect(message && utf8Text(message.payload)).toBe('Grüße')
  })
})
