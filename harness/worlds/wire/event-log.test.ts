import { expect, it } from 'vitest'
import { EventLog } from './event-log.ts'
import { WireClock } from './ports/clock.ts'

const error = (message: string) => ({ type: 'error', message }) as const

it('EventLog merges nodes by time, keeps the order of each, and corrects wrong timestamps', () => {
  const log = new EventLog(new WireClock(1000, process.hrtime.bigint() - 1_000_000_000n))
  const [ana, ben] = [log.writer('ana'), log.writer('ben')]
  log.emit(error('first'), 'harness')
  ana(error('a1'), 2_000_000)
  ana(error('a2'), 5)
  ben(error('b1'), -1)
  const events = log.merged()
  expect(events.map(({ seq }) => seq)).toEqual([0, 1, 2, 3])
  expect(events.map(({ t }) => t)).toEqual(events.map(({ t }) => t).sort((a, b) => a - b))
  const order = events.map((event) => (event.type === 'error' ? event.message : ''))
  expect(order.indexOf('a1')).toBeLessThan(order.indexOf('a2'))
  expect(events.every(({ t }) => t >= 1_000_000 && t < 1_100_000_000)).toBe(true)
})

it('EventLog keeps events of one instant in order of arrival', () => {
  const log = new EventLog(new WireClock(40))
  for (const name of ['one', 'two', 'three']) log.emit(error(name), name)
  expect(log.merged().map(({ node, t }) => [node, t])).toEqual([
    ['one', 0],
    ['two', 0],
    ['three', 0],
  ])
})
