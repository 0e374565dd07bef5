import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../harness/testing/phone.ts'
import type { Backoff } from './request.ts'
import { startsOf, WorkPhone } from './testing/work-phone.ts'

async function retryTimes(backoff: Backoff | undefined, until: number): Promise<number[]> {
  const phone = new WorkPhone()
  const runs = phone.worker('send', 'retry')
  phone.workManager.enqueueUniqueWork('SEND', 'KEEP', {
    worker: 'send',
    ...(backoff && { backoff }),
  })
  await phone.clock.until(until)
  return startsOf(runs)
}

const gaps = (times: readonly number[]) =>
  times.slice(1).map((time, i) => time - (times[i] as number))

/** https://developer.android.com/develop/background-work/background-tasks/persistent/getting-started/define-work#retries_backoff */
describe('backoff', () => {
  it('backs off exponentially from 30 seconds by default', async () => {
    expect(gaps(await retryTimes(undefined, 10 * MINUTE))).toEqual(
      [30, 60, 120, 240].map((s) => s * SECOND),
    )
  })

  it('backs off linearly on request', async () => {
    expect(gaps(await retryTimes({ policy: 'LINEAR', delay: 20 * SECOND }, 4 * MINUTE))).toEqual(
      [20, 40, 60, 80].map((s) => s * SECOND),
    )
  })

  it('never backs off for less than 10 seconds', async () => {
    expect(gaps(await retryTimes({ policy: 'LINEAR', delay: 1 }, 30 * SECOND))).toEqual([
      10 * SECOND,
      20 * SECOND,
    ])
  })

  it('never backs off for more than 5 hours', async () => {
    const waits = gaps(await retryTimes(undefined, 48 * HOUR))
    expect(Math.max(...waits)).toBe(5 * HOUR)
    expect(waits.slice(-2)).toEqual([5 * HOUR, 5 * HOUR])
  })

  it('never shortens the backoff, and keeps it within its bounds for every request', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom('LINEAR', 'EXPONENTIAL'),
        fc.integer({ min: 0, max: 10 * HOUR }),
        async (policy, delay) => {
          const waits = gaps(await retryTimes({ policy, delay }, 60 * HOUR))
          expect(waits.every((wait) => wait >= 10 * SECOND && wait <= 5 * HOUR)).toBe(true)
          expect(waits).toEqual([...waits].sort((a, b) => a - b))
        },
      ),
      { numRuns: 20 },
    ))

  it('passes the number of earlier attempts to the worker', async () => {
    const phone = new WorkPhone()
    const runs = phone.worker('send', 'retry')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    await phone.clock.until(2 * MINUTE)
    expect(runs.map((run) => run.context.runAttemptCount)).toEqual([0, 1, 2])
    expect(phone.workManager.getWorkInfos('SEND')).toEqual([
      { id: 1, state: 'ENQUEUED', runAttemptCount: 3, nextScheduleTime: 210 * SECOND },
    ])
  })

  it('counts the backoff from the end of the attempt', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    await phone.clock.until(5 * MINUTE)
    runs[0]?.end('retry')
    await phone.clock.until(10 * MINUTE)
    expect(startsOf(runs)).toEqual([0, 5 * MINUTE + 30 * SECOND])
  })
})

describe('a worker', () => {
  it('marks work as failed if its worker throws', async () => {
    const phone = new WorkPhone()
    phone.workManager.registerWorker('send', () => Promise.reject(new Error('no')))
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    await phone.clock.until(SECOND)
    expect(phone.states('SEND')).toEqual(['FAILED'])
  })

  it('marks work as failed if its worker is not registered', async () => {
    const phone = new WorkPhone()
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'unknown' })
    await phone.clock.until(SECOND)
    expect(phone.states('SEND')).toEqual(['FAILED'])
  })

  it('runs a worker after its initial delay', async () => {
    const phone = new WorkPhone()
    const runs = phone.worker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send', initialDelay: MINUTE })
    await phone.clock.until(5 * MINUTE)
    expect(startsOf(runs)).toEqual([MINUTE])
  })

  it('stops a worker after 10 minutes and runs it again, since its backoff is over', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    const stops: number[] = []
    await phone.clock.until(SECOND)
    runs[0]?.context.onStopped(() => stops.push(phone.clock.now()))
    await phone.clock.until(11 * MINUTE)
    expect(stops).toEqual([10 * MINUTE])
    expect(startsOf(runs)).toEqual([0, 10 * MINUTE])
    expect(runs[1]?.context.runAttemptCount).toBe(1)
  })

  it('ignores the result of a stopped worker', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    await phone.clock.until(11 * MINUTE)
    runs[0]?.end('success')
    await phone.clock.until(12 * MINUTE)
    expect(phone.states('SEND')).toEqual(['RUNNING'])
    runs[1]?.end('success')
    await phone.clock.until(13 * MINUTE)
    expect(phone.states('SEND')).toEqual(['SUCCEEDED'])
  })
})
