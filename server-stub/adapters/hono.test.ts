import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { Problem } from '../../harness/core/problem.ts'
import { TestServer } from '../testing/test-server.ts'
import dedup from '../variants/dedup.ts'
import { adapterContract, sendByFetch } from './adapter.contract.ts'
import { serve } from './hono.ts'
import { standalone } from './standalone.ts'

adapterContract('hono', async (handle) => {
  const { port, close } = await serve(handle)
  return { send: sendByFetch(`http://127.0.0.1:${port}`), close }
})

const PORT_IN_USE =
  /^the server cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE.*; free the port, or name another$/

it('reports in one line that a port is in use, and what to do', async () => {
  const first = await serve(standalone(dedup).handle)
  const second = serve(standalone(dedup).handle, { port: first.port })
  await expect(second).rejects.toThrow(Problem)
  await expect(second).rejects.toThrow(PORT_IN_USE)
  await first.close()
})

it('listens on the given port, again after closing', async () => {
  const { port, close } = await serve(standalone(dedup).handle)
  await close()
  const again = await serve(standalone(dedup).handle, { host: '127.0.0.1', port })
  expect(again.port).toBe(port)
  await again.close()
})

it('survives clients that disconnect, and ignores incomplete requests', async () => {
  const server = new TestServer(dedup)
  const { port, close } = await serve((request) => server.handle(request))
  const body = JSON.stringify({ id: 'm1', conversation: 'c', text: 'whole' })
  const head = (length: number) =>
    `POST /messages HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n`
  await Promise.all([
    sendAndReset(port, head(body.length + 1) + body),
    sendAndReset(
      port,
      'POST /messages HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"id"',
    ),
    sendAndReset(port, 'GARBAGE\r\n\r\n'),
  ])
  const response = await sendByFetch(`http://127.0.0.1:${port}`)({
    method: 'GET',
    path: '/messages',
  })
  expect(JSON.parse(response.body)).toMatchObject({ messages: [] })
  await close()
})

it('responds 413 to a too large content-length without reading the body', async () => {
  const { port, close } = await serve(standalone(dedup).handle)
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write('POST /push HTTP/1.1\r\nhost: x\r\ncontent-length: 999999999\r\n\r\n'),
    )
    socket.once('data', (data) => resolve(String(data)))
    socket.once('close', () => resolve(''))
  })
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  await close()
})

it('closes open connections when it closes', async () => {
  let arrived = () => {}
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const { port, close } = await serve(() => {
    arrived()
    return new Promise(() => {})
  })
  const hanging = expect(fetch(`http://127.0.0.1:${port}/changes`)).rejects.toThrow()
  await arrival
  await close()
  await hanging
})

/** Sends these bytes, then resets the connection. */
function sendAndReset(port: number, bytes: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(bytes, () => socket.resetAndDestroy()),
    )
    socket.once('error', () => {})
    socket.once('close', () => resolve())
  })
}
