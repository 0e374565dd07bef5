import { expect, it } from 'vitest'
import { VirtualClock } from '../core/ports/virtual-clock.ts'
import { seededRandom } from '../core/random.ts'
import type { Sink } from './connection.ts'
import { LinkProxy } from './proxy.ts'
import { allToxics } from './testing/toxics.ts'

it('delays what the server sends, and reports it in a trace', async () => {
  const clock = new VirtualClock()
  const trace: string[] = []
  const ports = { clock, random: seededRandom(1) }
  const proxy = new LinkProxy(ports, await allToxics(), { trace: (what) => trace.push(what) })
  const arrivals: { readonly t: number; readonly bytes: number }[] = []
  const client: Sink = {
    write: (chunk) => arrivals.push({ t: clock.now(), bytes: chunk.length }),
    end: () => {},
    reset: () => {},
  }
  const server: Sink = { write: () => {}, end: () => {}, reset: () => {} }

  proxy.addToxic({ type: 'latency', stream: 'downstream', attributes: { latency: 300 } })
  const connection = proxy.connect({ client, server })
  connection.server.write(new Uint8Array(5))
  await clock.advance(1000)

  expect(arrivals).toEqual([{ t: 300, bytes: 5 }])
  expect(trace).toContain(
    'connection 0 downstream latency_downstream: 5 bytes in, holds for 300 ms',
  )
})
