import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sleep } from './clock.ts'
import { VirtualClock } from './virtual-clock.ts'

describe('VirtualClock', () => {
  it('VirtualClock runs due tasks by time, then in the order they were set', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 })), async (spans) => {
        const clock = new VirtualClock()
        const ran: { at: number; i: number }[] = []
        spans.forEach((span, i) => {
          clock.after(span, () => ran.push({ at: clock.now(), i }))
        })
        await clock.until(20)
        const expected = spans.map((at, i) => ({ at, i })).sort((a, b) => a.at - b.at || a.i - b.i)
        expect(ran).toEqual(expected)
      }),
    )
  })

  it('VirtualClock moves exactly to the instant it is given', async () => {
    const clock = new VirtualClock()
    let rang = false
    clock.after(100, () => {
      rang = true
    })
    await clock.until(99)
    expect(rang, 'before its time').toBe(false)
    expect(clock.now()).toBe(99)
    await clock.advance(1)
    expect(rang, 'at its time').toBe(true)
    expect(clock.now()).toBe(100)
  })

  it('VirtualClock never runs a cancelled task, and runs no task synchronously', async () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    clock.after(0, () => ran.push('at once'))
    clock.after(5, () => ran.push('cancelled')).cancel()
    expect(ran).toEqual([])
    await clock.advance(10)
    expect(ran).toEqual(['at once'])
  })

  it('VirtualClock completes the promise reactions of a task before the next task', async () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    void sleep(clock, 1)
      .then(() => ran.push('reaction'))
      .then(() => ran.push('its reaction'))
    clock.after(1, () => ran.push('next task'))
    await clock.until(1)
    expect(ran).toEqual(['reaction', 'its reaction', 'next task'])
  })

  it('VirtualClock runs tasks that are set by other tasks on the way to an instant', async () => {
    const clock = new VirtualClock()
    const at: number[] = []
    const again = () => {
      at.push(clock.now())
      if (at.length < 3) clock.after(10, again)
    }
    clock.after(10, again)
    await clock.until(100)
    expect(at).toEqual([10, 20, 30])
  })
})

describe('a standstill of the VirtualClock', () => {
  /** Takes some turns of the event loop, as a thread's work does. */
  const work = async (turns: number) => {
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
    return turns
  }

  it('lets no time pass until the work has ended, and works that it begins', async () => {
    const clock = new VirtualClock()
    const seen: unknown[] = []
    clock.after(10, () => {
      void clock
        .standstill(() => work(100))
        .then(async (turns) => {
          seen.push([turns, clock.now()])
          seen.push([await clock.standstill(() => work(50)), clock.now()])
        })
    })
    clock.after(11, () => seen.push('later'))
    await clock.until(20)
    expect(seen).toEqual([[100, 10], [50, 10], 'later'])
    expect(clock.now()).toBe(20)
  })

  it('runs works one after another, also after one that fails', async () => {
    const clock = new VirtualClock()
    const seen: string[] = []
    const begin = (name: string, turns: number, fails = false) =>
      void clock
        .standstill(async () => {
          seen.push(`${name} begins`)
          await work(turns)
          if (fails) throw new Error(name)
        })
        .then(
          () => seen.push(`${name} ends`),
          () => seen.push(`${name} fails`),
        )
    begin('slow', 50, true)
    begin('fast', 1)
    await clock.reactions()
    expect(seen).toEqual(['slow begins', 'slow fails', 'fast begins', 'fast ends'])
  })
})
