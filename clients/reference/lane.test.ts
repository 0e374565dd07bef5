import { describe, expect, it } from 'vitest'
import type { Abort } from '../../harness/core/ports/http.ts'
import { type ConnectivityState, SettableSignal } from '../../harness/core/ports/signal.ts'
import { VirtualClock } from '../../harness/core/ports/virtual-clock.ts'
import type { Random } from '../../harness/core/random.ts'
import { seededRandom } from '../../harness/core/random.ts'
import { Lane, type Outcome } from './lane.ts'

const done: Outcome = { type: 'done' }
const failed: Outcome = { type: 'failed' }
const backoff = { initial: 1_000, cap: 60_000 }
/** The longest wait that full jitter may draw, nearly. */
const longest: Random = { ...seededRandom(1), next: () => 0.999999 }

function setup(attempt: (abort: Abort) => Promise<Outcome>, random: Random = longest) {
  const clock = new VirtualClock()
  const connectivity = new SettableSignal<ConnectivityState>({ online: true, metered: false })
  const begun: number[] = []
  const lane = new Lane({
    clock,
    random,
    connectivity,
    backoff,
    attempt: (abort) => {
      begun.push(Math.round(clock.now()))
      return attempt(abort)
    },
  })
  return { clock, connectivity, lane, begun }
}

const later = (clock: VirtualClock, ms: number, outcome: Outcome) =>
  new Promise<Outcome>((resolve) => clock.after(ms, () => resolve(outcome)))

describe('a lane', () => {
  it('makes one attempt of all that is asked for in a turn', async () => {
    const { clock, lane, begun } = setup(async () => done)
    lane.ask()
    lane.ask()
    await clock.advance(1_000)
    expect(begun).toEqual([0])
  })

  it('never runs two attempts at once, and does not forget what was asked for meanwhile', async () => {
    const { clock, lane, begun } = setup(() => later(clock, 5_000, done))
    lane.ask()
    await clock.advance(1_000)
    lane.ask()
    lane.insist()
    lane.renew()
    expect(begun).toEqual([0])
    await clock.advance(20_000)
    expect(begun).toEqual([0, 5_000])
  })

  it('goes on at once while there is more', async () => {
    let left = 3
    const { clock, lane, begun } = setup(async () => (--left > 0 ? { type: 'more' } : done))
    lane.ask()
    await clock.advance(1_000)
    expect(begun).toEqual([0, 0, 0])
  })

  it('doubles the bound of its waits up to the cap, for ever', async () => {
    const { clock, lane, begun } = setup(async () => failed)
    lane.ask()
    await clock.until(300_000)
    expect(begun.slice(0, 8)).toEqual([0, 1_000, 3_000, 7_000, 15_000, 31_000, 63_000, 123_000])
    await clock.until(48 * 3_600_000)
    expect(begun.length).toBeGreaterThan(2_800)
  })

  it('draws each wait from the whole span below the bound', async () => {
    const { clock, lane, begun } = setup(async () => failed, seededRandom(3))
    lane.ask()
    await clock.until(40 * 60_000)
    const waits = begun.slice(8).map((at, i) => at - (begun[i + 7] as number))
    expect(Math.min(...waits)).toBeLessThan(10_000)
    expect(Math.max(...waits)).toBeGreaterThan(50_000)
    expect(Math.max(...waits)).toBeLessThanOrEqual(60_000)
  })

  it('counts the time that a hanging attempt took against the cap', async () => {
    const { clock, lane, begun } = setup(() => later(clock, 15_000, failed))
    lane.ask()
    await clock.until(3_600_000)
    const gaps = begun.slice(1).map((at, i) => at - (begun[i] as number))
    expect(Math.max(...gaps)).toBe(60_000)
  })

  it('begins anew with short waits after a success', async () => {
    const outcomes = [failed, failed, failed, done, failed, done]
    const { clock, lane, begun } = setup(async () => outcomes.shift() ?? done)
    lane.ask()
    await clock.until(10_000)
    lane.ask()
    await clock.until(20_000)
    expect(begun).toEqual([0, 1_000, 3_000, 7_000, 10_000, 11_000])
  })

  it('does not let a trigger cut a backoff short', async () => {
    const { clock, lane, begun } = setup(async () => failed)
    lane.ask()
    await clock.until(3_500)
    lane.ask()
    await clock.until(6_900)
    expect(begun).toEqual([0, 1_000, 3_000])
  })

  it('tries at once, with short waits again, when the network is back', async () => {
    const { clock, lane, begun } = setup(async () => failed)
    lane.ask()
    await clock.until(20_000)
    lane.renew()
    await clock.until(24_000)
    expect(begun).toEqual([0, 1_000, 3_000, 7_000, 15_000, 20_000, 21_000, 23_000])
  })

  it('gives up a request that hangs from before the network went, and tries again at once', async () => {
    let hanging = true
    const { clock, lane, begun } = setup((abort) =>
      hanging
        ? new Promise((resolve) => abort.addEventListener('abort', () => resolve(failed)))
        : Promise.resolve(done),
    )
    lane.ask()
    await clock.until(4_000)
    hanging = false
    lane.renew()
    await clock.until(10_000)
    expect(begun).toEqual([0, 4_000])
  })

  it('waits as long as the server says, whoever asks', async () => {
    const outcomes: Outcome[] = [{ type: 'failed', hold: 30_000 }]
    const { clock, lane, begun } = setup(async () => outcomes.shift() ?? done)
    lane.ask()
    await clock.until(5_000)
    lane.renew()
    lane.insist()
    await clock.until(29_999)
    expect(begun).toEqual([0])
    await clock.until(30_000)
    expect(begun).toEqual([0, 30_000])
  })

  it('waits for the larger of backoff and what the server says', async () => {
    const outcomes: Outcome[] = [failed, failed, failed, { type: 'failed', hold: 1_000 }]
    const { clock, lane, begun } = setup(async () => outcomes.shift() ?? done)
    lane.ask()
    await clock.until(60_000)
    expect(begun).toEqual([0, 1_000, 3_000, 7_000, 15_000])
  })

  it('takes "offline" for a hint: attempts become rare, they do not end', async () => {
    const { clock, connectivity, lane, begun } = setup(async () => failed)
    connectivity.set({ online: false })
    lane.ask()
    await clock.until(200_000)
    expect(begun).toEqual([60_000, 120_000, 180_000])
    lane.insist()
    await clock.until(200_001)
    expect(begun.at(-1)).toBe(200_000)
  })

  it('stops', async () => {
    const { clock, lane, begun } = setup(async () => failed)
    lane.ask()
    await clock.until(2_000)
    lane.stop()
    lane.ask()
    await clock.until(100_000)
    expect(begun).toEqual([0, 1_000])
  })
})
