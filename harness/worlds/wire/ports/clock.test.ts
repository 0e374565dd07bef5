import { expect, it } from 'vitest'
import { EPOCH_WALL } from '../../../core/time.ts'
import { WireClock } from './clock.ts'

const soon = (clock: WireClock, ms: number) =>
  new Promise<number>((resolve) => clock.after(ms, () => resolve(clock.now())))

it('WireClock runs a task when now() has reached the requested instant, never before', async () => {
  const clock = new WireClock(1000, process.hrtime.bigint())
  for (const ms of [0, 1, 999, 2500, 7001]) {
    const due = clock.now() + ms
    expect(await soon(clock, ms)).toBeGreaterThanOrEqual(due)
  }
})

it('WireClock never runs a task synchronously', async () => {
  const clock = new WireClock(40, process.hrtime.bigint())
  let ran = false
  clock.after(-5, () => {
    ran = true
  })
  expect(ran).toBe(false)
  await soon(clock, 0)
  expect(ran).toBe(true)
})

it('WireClock is 0, and its timers wait, until its origin is known and reached', async () => {
  const clock = new WireClock(40)
  const order: string[] = []
  const dropped = clock.after(0, () => order.push('cancelled'))
  const later = soon(clock, 0).then(() => order.push('later'))
  dropped.cancel()
  expect(clock.now()).toBe(0)
  expect(clock.exact()).toBe(0)
  expect(clock.wall()).toBe(EPOCH_WALL)
  clock.begin(process.hrtime.bigint() + 5_000_000n)
  expect(clock.exact()).toBe(0)
  order.push('begun')
  await later
  expect(order).toEqual(['begun', 'later'])
  expect(clock.exact()).toBeGreaterThan(0)
})

it('WireClock cancels a timer that has not fired', async () => {
  const clock = new WireClock(1000, process.hrtime.bigint())
  let ran = false
  clock
    .after(500, () => {
      ran = true
    })
    .cancel()
  await soon(clock, 5000)
  expect(ran).toBe(false)
})

it('WireClock shows a skewed wall time, in whole milliseconds', () => {
  const clock = new WireClock(40, process.hrtime.bigint())
  clock.skew(-3_600_000)
  expect(clock.wall() - clock.now()).toBeLessThanOrEqual(EPOCH_WALL - 3_600_000 + 1)
  expect(Number.isInteger(clock.wall())).toBe(true)
})
