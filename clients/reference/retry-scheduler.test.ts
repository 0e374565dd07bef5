import { describe, expect, it } from 'vitest'
import type { Abort } from '../../harness/core/ports/http.ts'
import { type ConnectivityState, SettableSignal } from '../../harness/core/ports/signal.ts'
import { VirtualClock } from '../../harness/core/ports/virtual-clock.ts'
import type { Random } from '../../harness/core/random.ts'
import { seededRandom } from '../../harness/core/random.ts'
import { type AttemptOutcome, RetryScheduler } from './retry-scheduler.ts'

const done: AttemptOutcome = { type: 'done' }
const failed: AttemptOutcome = { type: 'failed' }
const backoff = { initialMs: 1_000, capMs: 60_000 }
/** Draws almost the longest wait that full jitter allows. */
const longest: Random = { ...seededRandom(1), next: () => 0.999999 }

function setup(attempt: (abort: Abort) => Promise<AttemptOutcome>, random: Random = longest) {
  const clock = new VirtualClock()
  const connectivity = new SettableSignal<ConnectivityState>({ online: true, metered: false })
  const startedAt: number[] = []
  const pause = { until: 0 }
  const scheduler = new RetryScheduler({
    clock,
    random,
    connectivity,
    backoff,
    pause,
    attempt: (abort) => {
      startedAt.push(Math.round(clock.now()))
      return attempt(abort)
    },
  })
  return { clock, connectivity, scheduler, startedAt, pause }
}

const later = (clock: VirtualClock, ms: number, outcome: AttemptOutcome) =>
  new Promise<AttemptOutcome>((resolve) => clock.after(ms, () => resolve(outcome)))

describe('a retry scheduler', () => {
  it('makes one attempt for all requests of one turn', async () => {
    const { clock, scheduler, startedAt } = setup(async () => done)
    scheduler.request()
    scheduler.request()
    await clock.advance(1_000)
    expect(startedAt).toEqual([0])
  })

  it('runs one attempt at a time, and another one for requests during an attempt', async () => {
    const { clock, scheduler, startedAt } = setup(() => later(clock, 5_000, done))
    scheduler.request()
    await clock.advance(1_000)
    scheduler.request()
    scheduler.requestNow()
    scheduler.networkChanged()
    expect(startedAt).toEqual([0])
    await clock.advance(20_000)
    expect(startedAt).toEqual([0, 5_000])
  })

  it('attempts again at once while there is more to do', async () => {
    let left = 3
    const { clock, scheduler, startedAt } = setup(async () =>
      --left > 0 ? { type: 'more' } : done,
    )
    scheduler.request()
    await clock.advance(1_000)
    expect(startedAt).toEqual([0, 0, 0])
  })

  it('doubles the bound of its waits up to the cap, and never stops retrying', async () => {
    const { clock, scheduler, startedAt } = setup(async () => failed)
    scheduler.request()
    await clock.until(300_000)
    expect(startedAt.slice(0, 8)).toEqual([0, 1_000, 3_000, 7_000, 15_000, 31_000, 63_000, 123_000])
    await clock.until(48 * 3_600_000)
    expect(startedAt.length).toBeGreaterThan(2_800)
  })

  it('draws each wait from the whole span below the bound (full jitter)', async () => {
    const { clock, scheduler, startedAt } = setup(async () => failed, seededRandom(3))
    scheduler.request()
    await clock.until(40 * 60_000)
    const waits = startedAt.slice(8).map((at, i) => at - (startedAt[i + 7] as number))
    expect(Math.min(...waits)).toBeLessThan(10_000)
    expect(Math.max(...waits)).toBeGreaterThan(50_000)
    expect(Math.max(...waits)).toBeLessThanOrEqual(60_000)
  })

  it('counts the duration of a hanging attempt towards the cap', async () => {
    const { clock, scheduler, startedAt } = setup(() => later(clock, 15_000, failed))
    scheduler.request()
    await clock.until(3_600_000)
    const gaps = startedAt.slice(1).map((at, i) => at - (startedAt[i] as number))
    expect(Math.max(...gaps)).toBe(60_000)
  })

  it('starts again with short waits after a success', async () => {
    const outcomes = [failed, failed, failed, done, failed, done]
    const { clock, scheduler, startedAt } = setup(async () => outcomes.shift() ?? done)
    scheduler.request()
    await clock.until(10_000)
    scheduler.request()
    await clock.until(20_000)
    expect(startedAt).toEqual([0, 1_000, 3_000, 7_000, 10_000, 11_000])
  })

  it('does not shorten a backoff on request()', async () => {
    const { clock, scheduler, startedAt } = setup(async () => failed)
    scheduler.request()
    await clock.until(3_500)
    scheduler.request()
    await clock.until(6_900)
    expect(startedAt).toEqual([0, 1_000, 3_000])
  })

  it('attempts at once, with short waits again, after a change of network', async () => {
    const { clock, scheduler, startedAt } = setup(async () => failed)
    scheduler.request()
    await clock.until(20_000)
    scheduler.networkChanged()
    await clock.until(24_000)
    expect(startedAt).toEqual([0, 1_000, 3_000, 7_000, 15_000, 20_000, 21_000, 23_000])
  })

  it('aborts a hanging request after a change of network, and attempts again at once', async () => {
    let hanging = true
    const { clock, scheduler, startedAt } = setup((abort) =>
      hanging
        ? new Promise((resolve) => abort.addEventListener('abort', () => resolve(failed)))
        : Promise.resolve(done),
    )
    scheduler.request()
    await clock.until(4_000)
    hanging = false
    scheduler.networkChanged()
    await clock.until(10_000)
    expect(startedAt).toEqual([0, 4_000])
  })

  it('waits for Retry-After, also after requestNow and a change of network', async () => {
    const outcomes: AttemptOutcome[] = [{ type: 'failed', retryAfterMs: 30_000 }]
    const { clock, scheduler, startedAt } = setup(async () => outcomes.shift() ?? done)
    scheduler.request()
    await clock.until(5_000)
    scheduler.networkChanged()
    scheduler.requestNow()
    await clock.until(29_999)
    expect(startedAt).toEqual([0])
    await clock.until(30_000)
    expect(startedAt).toEqual([0, 30_000])
  })

  it('waits if another scheduler of the device was asked to wait meanwhile', async () => {
    const { clock, scheduler, startedAt, pause } = setup(async () => done)
    await clock.until(1_000)
    scheduler.request()
    pause.until = 20_000
    await clock.until(30_000)
    expect(startedAt).toEqual([20_000])
  })

  it('makes no attempt while it is held, and keeps requests and backoff', async () => {
    const outcomes = [failed, failed]
    const { clock, scheduler, startedAt } = setup(async () => outcomes.shift() ?? done)
    scheduler.request()
    await clock.until(1_500)
    expect(startedAt).toEqual([0, 1_000])
    scheduler.hold()
    await clock.until(2_000)
    scheduler.release()
    await clock.until(2_900)
    expect(startedAt).toEqual([0, 1_000])
    scheduler.hold()
    scheduler.requestNow()
    scheduler.networkChanged()
    await clock.until(9_000)
    expect(startedAt).toEqual([0, 1_000])
    scheduler.release()
    await clock.until(10_000)
    expect(startedAt).toEqual([0, 1_000, 9_000])
  })

  it('waits for the longer of backoff and Retry-After', async () => {
    const outcomes: AttemptOutcome[] = [
      failed,
      failed,
      failed,
      { type: 'failed', retryAfterMs: 1_000 },
    ]
    const { clock, scheduler, startedAt } = setup(async () => outcomes.shift() ?? done)
    scheduler.request()
    await clock.until(60_000)
    expect(startedAt).toEqual([0, 1_000, 3_000, 7_000, 15_000])
  })

  it('attempts rarely, but does not stop, while connectivity reports offline', async () => {
    const { clock, connectivity, scheduler, startedAt } = setup(async () => failed)
    connectivity.set({ online: false })
    scheduler.request()
    await clock.until(200_000)
    expect(startedAt).toEqual([60_000, 120_000, 180_000])
    scheduler.requestNow()
    await clock.until(200_001)
    expect(startedAt.at(-1)).toBe(200_000)
  })

  it('makes no attempt after stop', async () => {
    const { clock, scheduler, startedAt } = setup(async () => failed)
    scheduler.request()
    await clock.until(2_000)
    scheduler.stop()
    scheduler.request()
    await clock.until(100_000)
    expect(startedAt).toEqual([0, 1_000])
  })
})
