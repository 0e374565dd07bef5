import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../harness/testing/phone.ts'
import { startsOf, WorkPhone } from './testing/work-phone.ts'

/**
 * Work stays scheduled across restarts of the app and the device.
 * https://developer.android.com/develop/background-work/background-tasks/persistent
 */
describe('work across process death', () => {
  const CONNECTED = { requiredNetworkType: 'CONNECTED' } as const

  it('defers work until its constraints are met after a restart', async () => {
    const phone = new WorkPhone()
    phone.connectivity.set({ online: false })
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', {
      worker: 'send',
      constraints: CONNECTED,
      input: { text: 'hello' },
    })
    await phone.clock.until(MINUTE)
    const runs = phone.restart(() => phone.worker('send'))
    await phone.clock.until(2 * MINUTE)
    expect(runs).toHaveLength(0)
    phone.connectivity.set({ online: true })
    await phone.clock.until(3 * MINUTE)
    expect(runs.map((run) => run.context.input)).toEqual([{ text: 'hello' }])
  })

  it('enqueues work at boot that was running, and counts its attempt', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    await phone.clock.until(10 * SECOND)
    expect(runs).toHaveLength(1)
    const again = phone.restart(() => phone.worker('send'))
    expect(phone.states('SEND')).toEqual(['ENQUEUED'])
    await phone.clock.until(MINUTE)
    expect(again).toMatchObject([{ at: 30 * SECOND, context: { runAttemptCount: 1 } }])
  })

  it('keeps backoff and period after a restart', async () => {
    const phone = new WorkPhone()
    phone.worker('send', 'retry')
    phone.worker('pull')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    phone.workManager.enqueueUniquePeriodicWork('PULL', 'KEEP', {
      worker: 'pull',
      repeatInterval: 15 * MINUTE,
    })
    await phone.clock.until(40 * SECOND)
    const [sends, pulls] = phone.restart(
      () => [phone.worker('send'), phone.worker('pull')] as const,
    )
    await phone.clock.until(20 * MINUTE)
    expect({ sends: startsOf(sends), pulls: startsOf(pulls) }).toEqual({
      sends: [90 * SECOND],
      pulls: [15 * MINUTE],
    })
  })

  it('loses work if the process dies before the enqueue is committed', async () => {
    const phone = new WorkPhone()
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    phone.restart(() => phone.worker('send'))
    await phone.clock.until(MINUTE)
    expect(phone.states('SEND')).toEqual([])
  })

  it('resolves the enqueue call once it is committed', async () => {
    const phone = new WorkPhone()
    phone.slowWorker('send')
    const enqueued = phone.workManager
      .enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
      .then(() => phone.states('SEND'))
    await phone.clock.until(0)
    expect(await enqueued).toEqual(['RUNNING'])
  })

  it('stops workers on stop, and keeps their work enqueued', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    await phone.clock.until(SECOND)
    phone.workManager.stop()
    phone.workManager.enqueueUniqueWork('LATE', 'KEEP', { worker: 'send' })
    await phone.clock.until(HOUR)
    expect(runs[0]?.context.stopped).toBe(true)
    expect(startsOf(runs)).toEqual([0])
    expect(phone.states('SEND')).toEqual(['ENQUEUED'])
    expect(phone.states('LATE')).toEqual([])
  })
})
