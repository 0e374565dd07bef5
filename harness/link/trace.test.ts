import { expect, it } from 'vitest'
import { bytes, rig } from './testing/rig.ts'

/** A rig whose link writes its trace into `lines`. */
function tracedRig() {
  const lines: string[] = []
  return { lines, ...rig(1, { trace: (what) => lines.push(what) }) }
}

it('traces a connection without toxics from its opening to its close', () => {
  const { lines, connect } = tracedRig()
  const link = connect()
  link.server.write(bytes(4))
  link.client.end()
  expect(lines).toEqual([
    'connection 0: opened',
    'connection 0 upstream: closed',
    'connection 0 downstream: closed',
  ])
})

it('traces which connection closeAll closed, and that an abortive toxic made it a reset', () => {
  const { lines, proxy, add, connect } = tracedRig()
  add('reset_peer')
  connect()
  lines.length = 0
  proxy.closeAll()
  expect(lines).toEqual(['connection 0 upstream: reset', 'connection 0 downstream: reset'])
})

it('traces toxics that are added, updated and removed', () => {
  const { lines, proxy, add } = tracedRig()
  const { name } = add('latency', { latency: 300 })
  proxy.updateToxic(name, { toxicity: 0.5, attributes: { jitter: 20 } })
  proxy.removeToxic(name)
  expect(lines).toEqual([
    'toxic latency_downstream added: latency downstream, latency 300, jitter 0, toxicity 1',
    'toxic latency_downstream updated: latency downstream, latency 300, jitter 20, toxicity 0.5',
    'toxic latency_downstream removed',
  ])
})

it('traces a chunk that a toxic delays, in the order in which the toxics act', async () => {
  const { clock, lines, add, connect } = tracedRig()
  add('latency', { latency: 300 })
  add('limit_data', { bytes: 7 })
  const link = connect()
  lines.length = 0
  link.server.write(bytes(10))
  await clock.advance(300)
  expect(lines).toEqual([
    'connection 0 downstream latency_downstream: 10 bytes in, holds for 300 ms',
    'connection 0 downstream latency_downstream: 10 bytes out',
    'connection 0 downstream limit_data_downstream: 10 bytes in, 7 bytes out',
    'connection 0 downstream limit_data_downstream: closes',
    'connection 0 downstream: closed',
    'connection 0 upstream: closed',
  ])
})

it.each([
  ['timeout', {}, ['1 byte in, nothing out', 'end in, closes']],
  ['bandwidth', { rate: 0 }, ['1 byte in, holds until interrupted']],
  ['reset_peer', { timeout: 20 }, ['1 byte in, closes in 20 ms']],
  ['noop', {}, ['1 byte in, 1 byte out', 'end in, closes']],
])('traces what %s does with a byte and the end behind it', (type, attributes, acts) => {
  const { lines, add, connect } = tracedRig()
  const { name } = add(type, attributes as Record<string, number>)
  const link = connect()
  link.server.write(bytes(1))
  link.server.end()
  const prefix = `connection 0 downstream ${name}: `
  const traced = lines.filter((line) => line.startsWith(prefix))
  expect(traced.map((line) => line.slice(prefix.length))).toEqual(acts)
})

it('traces spans to a tenth of a millisecond', () => {
  const { lines, add, connect } = tracedRig()
  add('bandwidth', { rate: 3 })
  connect().server.write(bytes(10))
  expect(lines.at(-1)).toMatch(/: 10 bytes in, holds for 3.3 ms$/)
})

it('traces that a toxic spares a connection', () => {
  const { lines, add, connect } = tracedRig()
  add('timeout', {}, 'downstream', 0)
  connect().server.write(bytes(1))
  expect(lines.at(-1)).toBe(
    'connection 0 downstream timeout_downstream: spares this connection (toxicity 0)',
  )
})

it('delivers the same bytes at the same instants with a trace and without', async () => {
  const play = async (trace?: (what: string) => void) => {
    const { clock, add, connect } = rig(5, { trace })
    add('slicer', { average_size: 10, size_variation: 3, delay: 2500 })
    add('latency', { latency: 50, jitter: 20 })
    add('bandwidth', { rate: 1 })
    const link = connect()
    link.server.write(bytes(200))
    link.server.end()
    await clock.advance(1000)
    return { arrivals: link.toClient.arrivals, closed: link.toClient.closed }
  }
  expect(await play(() => {})).toEqual(await play())
})
