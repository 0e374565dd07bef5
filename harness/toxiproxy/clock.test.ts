import { expect, it } from 'vitest'
import { realClock } from './clock.ts'

it.each([0, -5, 0.3, 1, 2.5, 30])(
  'the real clock runs a task after %d ms, never sooner and never synchronously',
  async (ms) => {
    const clock = realClock()
    const start = clock.now()
    let ran = false
    const done = new Promise<void>((resolve) => {
      clock.after(ms, () => {
        ran = true
        resolve()
      })
    })
    expect(ran).toBe(false)
    await done
    expect(clock.now() - start).toBeGreaterThanOrEqual(Math.max(0, ms))
  },
)

it('the real clock does not run cancelled tasks, nor a task a year ahead at once', async () => {
  const clock = realClock()
  const ran: string[] = []
  for (const ms of [0, 0.5, 3]) clock.after(ms, () => ran.push(`after ${ms}`)).cancel()
  const far = clock.after(3e10, () => ran.push('far'))
  await new Promise<void>((resolve) => {
    clock.after(10, resolve)
  })
  far.cancel()
  expect(ran).toEqual([])
})
