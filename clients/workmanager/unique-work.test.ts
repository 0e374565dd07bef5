import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../harness/testing/phone.ts'
import { startsOf, WorkPhone } from './testing/work-phone.ts'

/** https://developer.android.com/reference/androidx/work/ExistingWorkPolicy */
describe('KEEP', () => {
  it('KEEP ignores new work while work of that name is running', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send', input: 1 })
    await phone.clock.until(SECOND)
    const kept: string[] = []
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send', input: 2 }, (work) =>
      kept.push(`${work.worker} is ${work.state}`),
    )
    await phone.clock.until(2 * SECOND)
    runs[0]?.end('success')
    await phone.clock.until(MINUTE)
    expect(runs.map((run) => run.context.input)).toEqual([1])
    expect(kept).toEqual(['send is RUNNING'])
    expect(phone.states('SEND')).toEqual(['SUCCEEDED'])
  })

  it('KEEP ignores new work during the backoff of the existing work', async () => {
    const phone = new WorkPhone()
    const runs = phone.worker('send', 'retry', 'success')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    await phone.clock.until(20 * SECOND)
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    await phone.clock.until(5 * MINUTE)
    expect(startsOf(runs)).toEqual([0, 30 * SECOND])
  })

  it('KEEP accepts new work once the existing work has finished, also with a failure', async () => {
    const phone = new WorkPhone()
    const runs = phone.worker('send', 'failure', 'success')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    await phone.clock.until(SECOND)
    expect(phone.states('SEND')).toEqual(['FAILED'])
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    await phone.clock.until(2 * SECOND)
    expect(startsOf(runs)).toEqual([0, SECOND])
    expect(phone.states('SEND')).toEqual(['SUCCEEDED'])
  })

  it('KEEP does not affect other names', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('send')
    phone.workManager.enqueueUniqueWork('A', 'KEEP', { worker: 'send' })
    phone.workManager.enqueueUniqueWork('B', 'KEEP', { worker: 'send' })
    await phone.clock.until(SECOND)
    expect(runs).toHaveLength(2)
  })
})

describe('REPLACE', () => {
  it('REPLACE stops and deletes the running work, and ignores its result', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'REPLACE', { worker: 'send', input: 1 })
    await phone.clock.until(SECOND)
    phone.workManager.enqueueUniqueWork('SEND', 'REPLACE', { worker: 'send', input: 2 })
    await phone.clock.until(2 * SECOND)
    expect(runs.map(({ context: { input, stopped } }) => ({ input, stopped }))).toEqual([
      { input: 1, stopped: true },
      { input: 2, stopped: false },
    ])
    runs[0]?.end('failure')
    await phone.clock.until(3 * SECOND)
    expect(phone.states('SEND')).toEqual(['RUNNING'])
  })
})

describe('APPEND', () => {
  it('APPEND waits for the existing work', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'APPEND', { worker: 'send', input: 1 })
    phone.workManager.enqueueUniqueWork('SEND', 'APPEND', { worker: 'send', input: 2 })
    await phone.clock.until(SECOND)
    expect(phone.states('SEND')).toEqual(['RUNNING', 'BLOCKED'])
    runs[0]?.end('success')
    await phone.clock.until(2 * SECOND)
    expect(phone.states('SEND')).toEqual(['SUCCEEDED', 'RUNNING'])
  })

  it('APPEND fails the new work with the existing work, down the chain', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('send')
    for (const input of [1, 2, 3])
      phone.workManager.enqueueUniqueWork('SEND', 'APPEND', { worker: 'send', input })
    await phone.clock.until(SECOND)
    runs[0]?.end('failure')
    await phone.clock.until(2 * SECOND)
    expect(phone.states('SEND')).toEqual(['FAILED', 'FAILED', 'FAILED'])
    expect(runs).toHaveLength(1)
  })

  it('APPEND cancels the new work with the existing work', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'APPEND', { worker: 'send' })
    phone.workManager.enqueueUniqueWork('SEND', 'APPEND', { worker: 'send' })
    await phone.clock.until(SECOND)
    phone.workManager.cancelUniqueWork('SEND')
    await phone.clock.until(2 * SECOND)
    expect(phone.states('SEND')).toEqual(['CANCELLED', 'CANCELLED'])
    expect(runs[0]?.context.stopped).toBe(true)
  })

  it('APPEND fails all new work after failed work: a failed chain never recovers', async () => {
    const phone = new WorkPhone()
    const runs = phone.worker('send', 'failure', 'success')
    for (const second of [1, 2, 3]) {
      phone.workManager.enqueueUniqueWork('SEND', 'APPEND', { worker: 'send' })
      await phone.clock.until(second * SECOND)
    }
    expect(phone.states('SEND')).toEqual(['FAILED', 'FAILED', 'FAILED'])
    expect(runs).toHaveLength(1)
  })

  it('APPEND starts new work at once after work that succeeded', async () => {
    const phone = new WorkPhone()
    const runs = phone.worker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'APPEND', { worker: 'send' })
    await phone.clock.until(SECOND)
    phone.workManager.enqueueUniqueWork('SEND', 'APPEND', { worker: 'send' })
    await phone.clock.until(2 * SECOND)
    expect(startsOf(runs)).toEqual([0, SECOND])
  })
})

describe('APPEND_OR_REPLACE', () => {
  it('APPEND_OR_REPLACE waits for the existing work', async () => {
    const phone = new WorkPhone()
    phone.slowWorker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'APPEND_OR_REPLACE', { worker: 'send' })
    phone.workManager.enqueueUniqueWork('SEND', 'APPEND_OR_REPLACE', { worker: 'send' })
    await phone.clock.until(SECOND)
    expect(phone.states('SEND')).toEqual(['RUNNING', 'BLOCKED'])
  })

  it('APPEND_OR_REPLACE starts a new chain if the existing one failed', async () => {
    const phone = new WorkPhone()
    const runs = phone.worker('send', 'failure', 'success')
    phone.workManager.enqueueUniqueWork('SEND', 'APPEND_OR_REPLACE', { worker: 'send' })
    await phone.clock.until(SECOND)
    phone.workManager.enqueueUniqueWork('SEND', 'APPEND_OR_REPLACE', { worker: 'send' })
    await phone.clock.until(2 * SECOND)
    expect(phone.states('SEND')).toEqual(['SUCCEEDED'])
    expect(runs).toHaveLength(2)
  })
})

/** https://developer.android.com/develop/background-work/background-tasks/persistent/how-to/manage-work#cancelling */
describe('cancelling', () => {
  it('cancelling prevents waiting work from running, and keeps finished work', async () => {
    const phone = new WorkPhone()
    const runs = phone.worker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send', initialDelay: MINUTE })
    phone.workManager.enqueueUniqueWork('DONE', 'KEEP', { worker: 'send' })
    await phone.clock.until(SECOND)
    phone.workManager.cancelUniqueWork('SEND')
    phone.workManager.cancelUniqueWork('DONE')
    await phone.clock.until(5 * MINUTE)
    expect(phone.states('SEND')).toEqual(['CANCELLED'])
    expect(phone.states('DONE')).toEqual(['SUCCEEDED'])
    expect(runs).toHaveLength(1)
  })
})
