import { expect, it } from 'vitest'
import { utf8Bytes, utf8Text } from './bytes.ts'
import { StreamSide } from './stream-side.ts'

function side() {
  const carried: string[] = []
  const received: string[] = []
  const stream = new StreamSide({
    write: (bytes) => void carried.push(utf8Text(bytes)),
    end: () => void carried.push('end'),
    reset: () => void carried.push('reset'),
  })
  const listen = () =>
    stream.receive({
      data: (bytes) => void received.push(utf8Text(bytes)),
      closed: (how) => void received.push(`closed: ${how}`),
    })
  return { stream, carried, received, listen }
}

it('StreamSide delivers what has arrived before there was a receiver', () => {
  const { stream, received, listen } = side()
  stream.data(utf8Bytes('a'))
  stream.data(utf8Bytes('b'))
  stream.closed('end')
  listen()
  expect(received).toEqual(['a', 'b', 'closed: end'])
})

it('StreamSide delivers the close once, and nothing after it', () => {
  const { stream, carried, received, listen } = side()
  listen()
  stream.closed('reset')
  stream.data(utf8Bytes('late'))
  stream.closed('end')
  stream.write(utf8Bytes('late'))
  stream.end()
  stream.reset()
  expect(received).toEqual(['closed: reset'])
  expect(carried).toEqual([])
})

it('StreamSide delivers no bytes after its own end, but the close', () => {
  const { stream, carried, received, listen } = side()
  listen()
  stream.write(utf8Bytes('last'))
  stream.write(new Uint8Array(0))
  stream.end()
  stream.end()
  stream.write(utf8Bytes('late'))
  stream.data(utf8Bytes('dropped'))
  stream.closed('end')
  expect(carried).toEqual(['last', 'end'])
  expect(received).toEqual(['closed: end'])
})

it('StreamSide delivers nothing after its own reset', () => {
  const { stream, carried, received, listen } = side()
  listen()
  stream.reset()
  stream.data(utf8Bytes('dropped'))
  stream.closed('reset')
  expect(carried).toEqual(['reset'])
  expect(received).toEqual([])
})
