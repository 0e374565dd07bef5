import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { PING_INTERVAL_MS, PING_LATENESS_MAX_MS } from '../timeouts.ts'
import { Pinger, type Silence } from './pinger.ts'
import type { Reply } from './protocol-process.ts'

const FREEZE_AFTER_MS = 5000
const NEVER = new Promise<never>(() => {})

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** A process that answers while `answers` is true. Its scenario time is 40 times the real one. */
function watched({ answers = true, started = Promise.resolve() as Promise<unknown> } = {}) {
  const freezes: Silence[] = []
  const child = {
    answers,
    lastHeardAt: 0,
    pings: 0,
    ask: (): Promise<Reply> => {
      child.pings++
      return child.answers ? Promise.resolve('done') : NEVER
    },
  }
  const pinger = new Pinger({
    process: child,
    freezeAfterMs: FREEZE_AFTER_MS,
    started,
    now: () => performance.now() * 40,
    onFreeze: (silence) => freezes.push(silence),
  })
  return { child, pinger, freezes }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

it('Pinger pings a process that answers, and records nothing', async () => {
  const { child, freezes } = watched()
  await pass(60_000)
  expect(child.pings).toBeGreaterThan(50)
  expect(freezes).toEqual([])
})

it('Pinger records once that a process has stopped to answer', async () => {
  const { child, freezes } = watched()
  await pass(2000)
  child.answers = false
  await pass(FREEZE_AFTER_MS)
  expect(freezes).toEqual([])
  await pass(60_000)
  expect(freezes).toEqual([{ doing: 'its event loop', since: 2000 * 40 }])
})

it('Pinger names the action from which the process does not come back', async () => {
  const { child, pinger, freezes } = watched()
  await pass(1000)
  pinger.performs('ana-1')
  child.answers = false
  const since = performance.now() * 40
  await pass(10_000)
  expect(freezes).toEqual([{ doing: 'perform(ana-1)', since, opId: 'ana-1' }])
})

it.each(['a later answer', 'the event saved'])(
  'Pinger does not name perform if %s shows that it came back',
  async (sign) => {
    const { child, pinger, freezes } = watched()
    await pass(1000)
    pinger.performs('ana-2')
    if (sign === 'the event saved') pinger.hasPerformed('ana-2')
    else await pass(1000)
    child.answers = false
    await pass(10_000)
    expect(freezes).toMatchObject([{ doing: 'its event loop', opId: 'ana-2' }])
  },
)

it('Pinger does not name an action sent to a process that was silent already', async () => {
  const { child, pinger, freezes } = watched()
  await pass(1000)
  pinger.performs('ana-1')
  child.answers = false
  const since = performance.now() * 40
  await pass(2000)
  pinger.performs('ana-2')
  await pass(10_000)
  expect(freezes).toEqual([{ doing: 'perform(ana-1)', since, opId: 'ana-1' }])
})

it('Pinger names no action if several could be the one', async () => {
  const { child, pinger, freezes } = watched()
  await pass(1000)
  child.answers = false
  pinger.performs('ana-1')
  pinger.performs('ana-2')
  await pass(10_000)
  expect(freezes).toMatchObject([{ doing: 'its event loop', opId: 'ana-2' }])
})

it('Pinger records a process that does not come back from its start', async () => {
  const { freezes } = watched({ answers: false, started: NEVER })
  await pass(20_000)
  expect(freezes).toEqual([{ doing: 'its start', since: 0 }])
})

it('Pinger accepts any line as a sign of life', async () => {
  const { child, freezes } = watched()
  await pass(1000)
  child.answers = false
  for (let i = 0; i < 10; i++) {
    await pass(2000)
    child.lastHeardAt = performance.now()
  }
  expect(freezes).toEqual([])
})

it('Pinger does not accuse a program that answers its start, but no ping at all', async () => {
  const { child, freezes } = watched({ answers: false })
  await pass(60_000)
  expect(child.pings).toBe(1)
  expect(freezes).toEqual([])
})

it('Pinger does not count the silence while timers fire late', async () => {
  const { child, freezes } = watched()
  await pass(1000)
  child.answers = false
  const now = performance.now.bind(performance)
  let behind = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now() + behind)
  for (let i = 0; i < 60; i++) {
    behind += PING_LATENESS_MAX_MS + 1
    await pass(PING_INTERVAL_MS)
  }
  expect(freezes).toEqual([])
  await pass(FREEZE_AFTER_MS + PING_INTERVAL_MS)
  expect(freezes).toHaveLength(1)
})

it('Pinger stops with its process', async () => {
  const { child, pinger, freezes } = watched()
  await pass(1000)
  child.answers = false
  pinger.stop()
  await pass(60_000)
  expect(freezes).toEqual([])
})
