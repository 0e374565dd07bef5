import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../harness/testing/phone.ts'
import type { PeriodicWorkRequest } from './request.ts'
import { startsOf, WorkPhone } from './testing/work-phone.ts'

async function runsOf(
  request: Partial<PeriodicWorkRequest>,
  until: number,
  ...results: ('success' | 'failure' | 'retry')[]
) {
  const phone = new WorkPhone()
  const runs = phone.worker('pull', ...results)
  phone.workManager.enqueueUniquePeriodicWork('PULL', 'KEEP', {
    worker: 'pull',
    repeatInterval: 15 * MINUTE,
    ...request,
  })
  await phone.clock.until(until)
  return { phone, runs, times: startsOf(runs).map((at) => at / MINUTE) }
}

/** https://developer.android.com/reference/androidx/work/PeriodicWorkRequest and its Builder */
describe('periodic work', () => {
  it('runs periodic work at once, then once per interval', async () => {
    expect((await runsOf({}, HOUR)).times).toEqual([0, 15, 30, 45, 60])
  })

  it('raises intervals to at least 15 minutes', async () => {
    expect((await runsOf({ repeatInterval: MINUTE }, 40 * MINUTE)).times).toEqual([0, 15, 30])
  })

  it('starts periodic work after its initial delay', async () => {
    expect((await runsOf({ initialDelay: 5 * MINUTE }, 40 * MINUTE)).times).toEqual([5, 20, 35])
  })

  it('starts periodic work in the flex part at the end of the first interval', async () => {
    expect(
      (await runsOf({ repeatInterval: HOUR, flexInterval: 15 * MINUTE }, 3 * HOUR)).times,
    ).toEqual([45, 105, 165])
  })

  it('clamps the flex between 5 minutes and the interval', async () => {
    expect((await runsOf({ repeatInterval: HOUR, flexInterval: 1 }, HOUR)).times).toEqual([55])
    expect((await runsOf({ repeatInterval: HOUR, flexInterval: 2 * HOUR }, MINUTE)).times).toEqual([
      0,
    ])
  })

  it('starts the next interval at the end of the run, so periods drift', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('pull')
    phone.workManager.enqueueUniquePeriodicWork('PULL', 'KEEP', {
      worker: 'pull',
      repeatInterval: 15 * MINUTE,
    })
    await phone.clock.until(3 * MINUTE)
    runs[0]?.end('success')
    await phone.clock.until(20 * MINUTE)
    expect(startsOf(runs)).toEqual([0, 18 * MINUTE])
  })

  it('enqueues periodic work again after success and failure', async () => {
    const { phone, times } = await runsOf({}, 31 * MINUTE, 'success', 'failure', 'success')
    expect(times).toEqual([0, 15, 30])
    expect(phone.states('PULL')).toEqual(['ENQUEUED'])
  })

  it('backs off on retry, and counts attempts from 0 in the next period', async () => {
    const { runs, times } = await runsOf({}, 20 * MINUTE, 'retry', 'retry', 'success')
    expect(times).toEqual([0, 0.5, 1.5, 16.5])
    expect(runs.map((run) => run.context.runAttemptCount)).toEqual([0, 1, 2, 0])
  })

  it('defers periodic work until its constraints are met, after the interval too', async () => {
    const phone = new WorkPhone()
    const runs = phone.worker('pull')
    const constraints = { requiredNetworkType: 'CONNECTED' } as const
    phone.workManager.enqueueUniquePeriodicWork('PULL', 'KEEP', {
      worker: 'pull',
      repeatInterval: 15 * MINUTE,
      constraints,
    })
    await phone.clock.until(MINUTE)
    phone.connectivity.set({ online: false })
    await phone.clock.until(50 * MINUTE)
    phone.connectivity.set({ online: true })
    await phone.clock.until(70 * MINUTE)
    expect(startsOf(runs)).toEqual([0, 50 * MINUTE, 65 * MINUTE])
  })
})

/** https://developer.android.com/reference/androidx/work/ExistingPeriodicWorkPolicy */
describe('unique periodic work', () => {
  it('KEEP does not change the existing work', async () => {
    const { phone, runs } = await runsOf({}, 5 * MINUTE)
    phone.workManager.enqueueUniquePeriodicWork('PULL', 'KEEP', {
      worker: 'pull',
      repeatInterval: HOUR,
    })
    await phone.clock.until(20 * MINUTE)
    expect(startsOf(runs)).toEqual([0, 15 * MINUTE])
  })

  it('UPDATE changes the work and keeps its enqueue time', async () => {
    const { phone, runs } = await runsOf({}, 5 * MINUTE)
    phone.workManager.enqueueUniquePeriodicWork('PULL', 'UPDATE', {
      worker: 'pull',
      repeatInterval: 20 * MINUTE,
      input: 'new',
    })
    await phone.clock.until(30 * MINUTE)
    expect(startsOf(runs)).toEqual([0, 20 * MINUTE])
    expect(runs.map(({ context: { id, input } }) => ({ id, input }))).toEqual([
      { id: 1, input: null },
      { id: 1, input: 'new' },
    ])
  })

  it('UPDATE does not interrupt a running worker', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('pull')
    phone.workManager.enqueueUniquePeriodicWork('PULL', 'KEEP', {
      worker: 'pull',
      repeatInterval: 15 * MINUTE,
    })
    await phone.clock.until(MINUTE)
    phone.workManager.enqueueUniquePeriodicWork('PULL', 'UPDATE', {
      worker: 'pull',
      repeatInterval: HOUR,
    })
    await phone.clock.until(2 * MINUTE)
    expect(runs[0]?.context.stopped).toBe(false)
    runs[0]?.end('success')
    await phone.clock.until(70 * MINUTE)
    expect(startsOf(runs)).toEqual([0, 62 * MINUTE])
  })

  it('CANCEL_AND_REENQUEUE starts a new interval at once', async () => {
    const { phone, runs } = await runsOf({}, 5 * MINUTE)
    phone.workManager.enqueueUniquePeriodicWork('PULL', 'CANCEL_AND_REENQUEUE', {
      worker: 'pull',
      repeatInterval: 15 * MINUTE,
    })
    await phone.clock.until(20 * MINUTE)
    expect(startsOf(runs)).toEqual([0, 5 * MINUTE, 20 * MINUTE])
  })

  it('ends cancelled periodic work, and starts it again with UPDATE', async () => {
    const { phone, runs } = await runsOf({}, 5 * MINUTE)
    phone.workManager.cancelUniqueWork('PULL')
    await phone.clock.until(HOUR)
    expect(phone.states('PULL')).toEqual(['CANCELLED'])
    phone.workManager.enqueueUniquePeriodicWork('PULL', 'UPDATE', {
      worker: 'pull',
      repeatInterval: 15 * MINUTE,
    })
    await phone.clock.until(HOUR + SECOND)
    expect(startsOf(runs)).toEqual([0, HOUR])
  })

  it('UPDATE refuses to make one-time work periodic', async () => {
    const phone = new WorkPhone()
    phone.slowWorker('pull')
    phone.workManager.enqueueUniqueWork('PULL', 'KEEP', { worker: 'pull' })
    const refused = expect(
      phone.workManager.enqueueUniquePeriodicWork('PULL', 'UPDATE', {
        worker: 'pull',
        repeatInterval: HOUR,
      }),
    ).rejects.toThrow(/one-time work/)
    await phone.clock.until(SECOND)
    await refused
  })
})
