import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { utf8Bytes, utf8Text } from '../../codec/bytes.ts'
import { type Frame, FrameReader, frameBytes, OPCODE } from '../../codec/websocket.ts'
import type { ByteStream } from '../../core/ports/stream.ts'
import { TestStage } from '../testing/stage.ts'

interface Socket extends EventTarget {
  readyState: number
  bufferedAmount: number
  binaryType: string
  protocol: string
  url: string
  send(data: unknown): void
  close(code?: number, reason?: string): void
  onmessage: ((event: Event & { data: unknown }) => void) | null
}
type SocketClass = new (url: string, protocols?: string | string[]) => Socket

/** A server that accepts a WebSocket, and the app's side of it. */
async function opened(protocols: string[] = []) {
  const stage = new TestStage()
  let server: ByteStream | undefined
  const frames: Frame[] = []
  stage.serve = ({ headers }, stream) => {
    const accept = createHash('sha1')
      .update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    const offered = headers['sec-websocket-protocol']?.split(', ')[0]
    const chosen = offered === undefined ? '' : `Sec-WebSocket-Protocol: ${offered}\r\n`
    server = stream
    const reader = new FrameReader((frame) => frames.push(frame))
    stream.receive({ data: (bytes) => reader.push(bytes), closed: () => {} })
    stream.write(
      utf8Bytes(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
          `${chosen}Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
      ),
    )
    return undefined
  }
  const globals = stage.globals()
  const WebSocketClass = globals.WebSocket as unknown as SocketClass
  const socket = new WebSocketClass('/live?x=1', protocols)
  const events: unknown[] = []
  for (const type of ['open', 'message', 'error', 'close'])
    socket.addEventListener(type, (event) => {
      const { data, code, reason, wasClean } = event as Event & Record<string, unknown>
      events.push([type, data, code, reason, wasClean].filter((part) => part !== undefined))
    })
  await stage.clock.advance(100)
  return { stage, globals, socket, events, frames, server: server as ByteStream }
}

it('WebSocket opens, with a subprotocol that the server chooses', async () => {
  const { stage, socket, events } = await opened(['a', 'b'])
  expect(events).toEqual([['open']])
  expect([socket.readyState, socket.protocol, socket.url]).toEqual([
    1,
    'a',
    'ws://server.test/live?x=1',
  ])
  expect(stage.received[0]).toMatchObject({
    path: '/live?x=1',
    headers: { upgrade: 'websocket', origin: 'http://server.test' },
  })
})

it('WebSocket sends texts and bytes in masked frames', async () => {
  const { stage, globals, socket, frames } = await opened()
  socket.send('hä')
  socket.send(new Uint8Array([1, 2]))
  socket.send(new globals.Blob(['ab']))
  await stage.clock.advance(100)
  expect(frames.map(({ opcode, payload }) => [opcode, utf8Text(payload)])).toEqual([
    [OPCODE.text, 'hä'],
    [OPCODE.binary, '\u0001\u0002'],
    [OPCODE.binary, 'ab'],
  ])
  expect(frames.every(({ raw }) => ((raw[1] ?? 0) & 0x80) !== 0)).toBe(true)
})

it('WebSocket delivers texts, blobs and array buffers', async () => {
  const { stage, globals, socket, server } = await opened()
  const data: unknown[] = []
  socket.onmessage = (event) => data.push(event.data)
  server.write(frameBytes(OPCODE.text, utf8Bytes('one')))
  server.write(frameBytes(OPCODE.binary, utf8Bytes('two')))
  await stage.clock.advance(100)
  socket.binaryType = 'arraybuffer'
  server.write(frameBytes(OPCODE.binary, new Uint8Array([7])))
  await stage.clock.advance(100)
  expect(data[0]).toBe('one')
  expect(data[1]).toBeInstanceOf(globals.Blob)
  expect(await (data[1] as Blob).text()).toBe('two')
  expect(data[2]).toEqual(new Uint8Array([7]).buffer)
})

it('WebSocket answers pings', async () => {
  const { stage, server, frames } = await opened()
  server.write(frameBytes(OPCODE.ping, utf8Bytes('p')))
  await stage.clock.advance(100)
  expect(frames.map(({ opcode, payload }) => [opcode, utf8Text(payload)])).toEqual([
    [OPCODE.pong, 'p'],
  ])
})

it('WebSocket closes with a handshake, and reports the code of the server', async () => {
  const { stage, socket, events, frames, server } = await opened()
  socket.close(3001, 'done')
  expect(socket.readyState).toBe(2)
  socket.send('too late')
  expect(socket.bufferedAmount).toBe(8)
  await stage.clock.advance(100)
  expect(
    frames.map(({ payload }) => [...payload.subarray(0, 2), utf8Text(payload.subarray(2))]),
  ).toEqual([[0x0b, 0xb9, 'done']])
  server.write(frameBytes(OPCODE.close, frames[0]?.payload ?? new Uint8Array(0)))
  await stage.clock.advance(100)
  expect(events.at(-1)).toEqual(['close', 3001, 'done', true])
  expect(socket.readyState).toBe(3)
})

it('WebSocket is closed by the server with a code', async () => {
  const { stage, events, server } = await opened()
  server.write(frameBytes(OPCODE.close, Uint8Array.from([0x03, 0xe9, 0x62, 0x79])))
  await stage.clock.advance(100)
  expect(events.at(-1)).toEqual(['close', 1001, 'by', true])
})

it('WebSocket reports a broken connection as 1006, after an error', async () => {
  const { stage, events, server } = await opened()
  server.reset()
  await stage.clock.advance(100)
  expect(events.slice(1)).toEqual([['error'], ['close', 1006, '', false]])
})

it('WebSocket gives up a closing handshake that nobody answers', async () => {
  const { stage, socket, events } = await opened()
  socket.close()
  await stage.clock.advance(5_000)
  expect(events.at(-1)).toEqual(['close', 1006, '', false])
})

it('WebSocket fails if the server refuses the upgrade', async () => {
  const stage = new TestStage()
  const WebSocketClass = stage.globals().WebSocket as unknown as SocketClass
  const socket = new WebSocketClass('/')
  const events: string[] = []
  for (const type of ['error', 'close'])
    socket.addEventListener(type, ({ type: name }) => events.push(name))
  await stage.clock.advance(100)
  expect([...events, socket.readyState]).toEqual(['error', 'close', 3])
})

it('WebSocket refuses wrong uses', async () => {
  const stage = new TestStage()
  const WebSocketClass = stage.globals().WebSocket as unknown as SocketClass
  expect(() => new WebSocketClass('ftp://server.test')).toThrow(/ws or wss/)
  expect(() => new WebSocketClass('/', ['a', 'a'])).toThrow(/twice/)
  const socket = new WebSocketClass('/')
  expect(() => socket.send('x')).toThrow(/CONNECTING/)
  expect(() => socket.close(1234)).toThrow(/1234/)
})
