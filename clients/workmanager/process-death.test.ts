import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../harness/testing/phone.ts'
import { startsOf, WorkPhone } from './testing/work-phone.ts'

/** Work stays scheduled through restarts of the app and of the device: https://developer.android.com/develop/background-work/background-tasks/persistent */
describe('work outlives its process', () => {
  const CONNECTED = { requiredNetworkType: 'CONNECTED' } as const

  it('waits for its constraints through a restart', async () => {
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

  it('enqueues at boot what was running, its attempt counted', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    await phone.clock.until(10 * SECOND)
    expect(runs).toHaveLength(1)
    const again = phone.restart(() => phone.worker('send'))
    expect(phone.states('SEND')).toEqual(['ENQUEUED'])
    await phone.clock.until(MINUTE)
    expect(again.map((run) => [run.at, run.context.runAttemptCount])).toEqual([[30 * SECOND, 1]])
  })

  it('keeps its backoff and its period', async () => {
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
    expect([startsOf(sends), startsOf(pulls)]).toEqual([[90 * SECOND], [15 * MINUTE]])
  })

  it('is lost when the process dies before the enqueuing has come through', async () => {
    const phone = new WorkPhone()
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    phone.restart(() => phone.worker('send'))
    await phone.clock.until(MINUTE)
    expect(phone.states('SEND')).toEqual([])
  })

  it('resolves the enqueuing once it is on disk', async () => {
    const phone = new WorkPhone()
    phone.slowWorker('send')
    const enqueued = phone.workManager
      .enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
      .then(() => phone.states('SEND'))
    await phone.clock.until(0)
    expect(await enqueued).toEqual(['RUNNING'])
  })

  it('lets go of everything in good order on stop', async () => {
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
