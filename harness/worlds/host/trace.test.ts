import { expect, it } from 'vitest'
import type { EventBody } from '../../core/event.ts'
import { MemoryDisk } from '../../core/ports/memory-database.ts'
import { VirtualClock } from '../../core/ports/virtual-clock.ts'
import { recordedTrace } from '../../testing/trace.ts'
import { httpLine, nodeTrace, tracedPorts } from './trace.ts'

/** Returns a clock whose timers are traced into `lines`. */
function tracedClock() {
  const virtual = new VirtualClock()
  const trace = recordedTrace('timers')
  const ports = { clock: virtual, database: new MemoryDisk().open() }
  const { clock } = tracedPorts(
    ports,
    nodeTrace(trace, 'ana', () => virtual.now()),
    () => true,
  )
  return { virtual, clock, lines: trace.lines }
}

it('traces a cancelled timer once, however often it is cancelled', () => {
  const { clock, lines } = tracedClock()
  const timer = clock.after(50, () => {})
  timer.cancel()
  timer.cancel()
  expect(lines).toEqual(['timers ana timer 1 set for 50 ms', 'timers ana timer 1 cancelled'])
})

it('traces nothing when a timer is cancelled that has fired, or that fires', async () => {
  const { virtual, clock, lines } = tracedClock()
  const timer = clock.after(50, () => timer.cancel())
  await virtual.until(100)
  timer.cancel()
  expect(lines).toEqual(['timers ana timer 1 set for 50 ms', 'timers ana timer 1 fires'])
})

it('traces the span of a timer to a tenth of a millisecond', () => {
  const { clock, lines } = tracedClock()
  clock.after(12133.996590273455, () => {})
  clock.after(250.34, () => {})
  expect(lines).toEqual([
    'timers ana timer 1 set for 12134 ms',
    'timers ana timer 2 set for 250.3 ms',
  ])
})

type Done = Omit<Extract<EventBody, { type: 'intercepted' }>, 'type' | 'requestId'>
it.each<[Done, string]>([
  [
    { act: 'respond', moment: 'before', status: 503, body: 'empty' },
    'answered by a fault: 503, body empty',
  ],
  [
    { act: 'respond', moment: 'after', status: 200, body: 'html' },
    'the response replaced by a fault: 200, body html',
  ],
  [{ act: 'lose-response', moment: 'after' }, 'the response lost'],
  [{ act: 'delay', moment: 'before', ms: 4000 }, 'the request delayed by 4000 ms'],
  [{ act: 'reset', moment: 'after' }, 'connection broken in place of the response'],
  [{ act: 'kill', moment: 'before', victim: 'ana' }, 'ana killed before the server has acted'],
])('traces on the http channel that a fault did %j', (done, text) => {
  const line = httpLine({ type: 'intercepted', requestId: 'r1', ...done })
  expect(line).toBe(`r1 intercepted: ${text}`)
})
