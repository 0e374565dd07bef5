import { expect, it } from 'vitest'
import { utf8Bytes } from '../../codec/bytes.ts'
import type { ByteStream } from '../../core/ports/stream.ts'
import { TestStage } from '../testing/stage.ts'
import { EventStreamReader, type StreamEvent } from './event-stream.ts'

interface Source extends EventTarget {
  readyState: number
  url: string
  close(): void
}

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'

async function opened(head = HEAD) {
  const stage = new TestStage()
  const streams: ByteStream[] = []
  stage.serve = (_request, stream) => {
    streams.push(stream)
    stream.write(utf8Bytes(head))
    return undefined
  }
  const globals = stage.globals()
  const source = new (globals.EventSource as unknown as new (url: string) => Source)('/events')
  const events: unknown[] = []
  for (const type of ['open', 'error', 'message', 'news'])
    source.addEventListener(type, (event) => {
      const { data, lastEventId } = event as Event & Record<string, unknown>
      events.push(data === undefined ? type : [type, data, lastEventId])
    })
  await stage.clock.advance(100)
  const send = (text: string) => {
    streams.at(-1)?.write(utf8Bytes(text))
    return stage.clock.advance(100)
  }
  return { stage, source, events, streams, send }
}

it('EventSource delivers events by their types', async () => {
  const { source, events, send } = await opened()
  await send('data: a\n\nid: 7\nevent: news\ndata: b\nda')
  await send('ta: c\r\n\r\n: a comment\n\n')
  expect(events).toEqual(['open', ['message', 'a', ''], ['news', 'b\nc', '7']])
  expect([source.readyState, source.url]).toEqual([1, 'http://server.test/events'])
})

it('EventSource connects again, after the time that the server asks for', async () => {
  const { stage, events, streams, send } = await opened()
  await send('retry: 500\nid: 9\ndata: x\n\n')
  streams[0]?.reset()
  await stage.clock.advance(400)
  expect([events.at(-1), streams.length]).toEqual(['error', 1])
  await stage.clock.advance(400)
  expect([events.at(-1), streams.length]).toEqual(['open', 2])
  expect(stage.received[1]?.headers).toMatchObject({ 'last-event-id': '9' })
})

it('EventSource gives up if the answer is no stream of events', async () => {
  const { stage, source, events, streams } = await opened(
    'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n',
  )
  await stage.clock.advance(60_000)
  expect([events, source.readyState, streams.length]).toEqual([['error'], 2, 1])
})

it('EventSource says nothing more once it is closed', async () => {
  const { stage, source, events, streams, send } = await opened()
  source.close()
  await send('data: late\n\n')
  await stage.clock.advance(60_000)
  expect([events, source.readyState, streams.length]).toEqual([['open'], 2, 1])
})

it('EventStreamReader reads the same events whatever the pieces are', () => {
  const text = '\ufeffdata:a\r\ndata: b\r\n\r\nevent: x\rdata\r\rid: 3\ndata: \n\ndata: cut off'
  const read = (size: number) => {
    const events: StreamEvent[] = []
    const reader = new EventStreamReader('', { event: (e) => events.push(e), retry: () => {} })
    for (let i = 0; i < text.length; i += size) reader.push(text.slice(i, i + size))
    return events
  }
  expect(read(text.length)).toEqual([
    { type: 'message', data: 'a\nb', lastEventId: '' },
    { type: 'x', data: '', lastEventId: '' },
    { type: 'message', data: '', lastEventId: '3' },
  ])
  for (const size of [1, 2, 3, 5]) expect(read(size)).toEqual(read(text.length))
})
