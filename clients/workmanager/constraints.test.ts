import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../harness/testing/phone.ts'
import type { Constraints } from './request.ts'
import { startsOf, WorkPhone } from './testing/work-phone.ts'

/** https://developer.android.com/reference/androidx/work/Constraints, NetworkType */
describe('constraints', () => {
  it.each<[Constraints, { online?: boolean; metered?: boolean; charging?: boolean }, boolean]>([
    [{}, { online: false }, true],
    [{ requiredNetworkType: 'NOT_REQUIRED' }, { online: false }, true],
    [{ requiredNetworkType: 'CONNECTED' }, { online: false }, false],
    [{ requiredNetworkType: 'CONNECTED' }, { metered: true }, true],
    [{ requiredNetworkType: 'UNMETERED' }, { metered: true }, false],
    [{ requiredNetworkType: 'UNMETERED' }, { online: false }, false],
    [{ requiredNetworkType: 'METERED' }, {}, false],
    [{ requiredNetworkType: 'METERED' }, { metered: true }, true],
    [{ requiresCharging: true }, {}, false],
    [{ requiresCharging: true }, { charging: true }, true],
    [
      { requiredNetworkType: 'CONNECTED', requiresCharging: true },
      { charging: true, online: false },
      false,
    ],
  ])(
    'runs work with constraints %j on a phone with %j: %s',
    async (constraints, { online = true, metered = false, charging = false }, expected) => {
      const phone = new WorkPhone()
      phone.connectivity.set({ online, metered })
      phone.power.set({ charging })
      const runs = phone.worker('send')
      phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send', constraints })
      await phone.clock.until(MINUTE)
      expect(runs).toHaveLength(expected ? 1 : 0)
    },
  )

  it('defers work until its constraints are met', async () => {
    const phone = new WorkPhone()
    phone.connectivity.set({ online: false })
    const runs = phone.worker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', {
      worker: 'send',
      constraints: { requiredNetworkType: 'CONNECTED' },
    })
    await phone.clock.until(MINUTE)
    phone.connectivity.set({ online: true })
    await phone.clock.until(2 * MINUTE)
    expect(startsOf(runs)).toEqual([MINUTE])
  })

  /** https://developer.android.com/develop/background-work/background-tasks/persistent/getting-started/define-work#work-constraints */
  it('stops a worker whose constraints are no longer met, and runs it again later', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', {
      worker: 'send',
      constraints: { requiredNetworkType: 'CONNECTED' },
    })
    await phone.clock.until(40 * SECOND)
    phone.connectivity.set({ online: false })
    expect(runs[0]?.context.stopped).toBe(true)
    expect(runs[0]?.context.stopSignal.aborted).toBe(true)
    expect(phone.workManager.getWorkInfos('SEND')).toMatchObject([
      { state: 'ENQUEUED', stopReason: 'CONSTRAINT_CONNECTIVITY' },
    ])
    await phone.clock.until(50 * SECOND)
    phone.connectivity.set({ online: true })
    await phone.clock.until(MINUTE)
    expect(startsOf(runs)).toEqual([0, 50 * SECOND])
  })

  /**
   * WorkerWrapper counts the stopped attempt and keeps the enqueue time: work stopped soon after
   * its start still has to wait for its backoff.
   */
  it('delays a stopped worker by its backoff, counted from the enqueue time', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', {
      worker: 'send',
      constraints: { requiredNetworkType: 'CONNECTED' },
    })
    await phone.clock.until(5 * SECOND)
    phone.connectivity.set({ online: false })
    phone.connectivity.set({ online: true })
    await phone.clock.until(MINUTE)
    expect(startsOf(runs)).toEqual([0, 30 * SECOND])
  })

  it('does not shorten a backoff when the network returns', async () => {
    const phone = new WorkPhone()
    const runs = phone.worker('send', 'retry', 'success')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', {
      worker: 'send',
      constraints: { requiredNetworkType: 'CONNECTED' },
    })
    await phone.clock.until(SECOND)
    phone.connectivity.set({ online: false })
    phone.connectivity.set({ online: true })
    await phone.clock.until(MINUTE)
    expect(startsOf(runs)).toEqual([0, 30 * SECOND])
  })
})
