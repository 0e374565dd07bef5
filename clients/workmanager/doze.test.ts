import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../harness/testing/phone.ts'
import { maintenanceWindow } from './doze.ts'
import { startsOf, WorkPhone } from './testing/work-phone.ts'

/** https://developer.android.com/training/monitoring-device-state/doze-standby */
describe('Doze', () => {
  it('defers jobs until Doze ends', async () => {
    const phone = new WorkPhone()
    const runs = phone.worker('send')
    phone.power.set({ dozing: true })
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    await phone.clock.until(20 * MINUTE)
    phone.power.set({ dozing: false })
    await phone.clock.until(21 * MINUTE)
    expect(startsOf(runs)).toEqual([20 * MINUTE])
  })

  it('runs jobs in the maintenance windows of Doze', async () => {
    const phone = new WorkPhone()
    const runs = phone.worker('pull')
    phone.power.set({ dozing: true })
    phone.workManager.enqueueUniquePeriodicWork('PULL', 'KEEP', {
      worker: 'pull',
      repeatInterval: 15 * MINUTE,
    })
    await phone.clock.until(8 * HOUR)
    expect(startsOf(runs).map((at) => at / MINUTE)).toEqual([60, 185, 435])
  })

  it('stops running workers when Doze begins', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('send')
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    await phone.clock.until(SECOND)
    phone.power.set({ dozing: true })
    expect(runs[0]?.context.stopped).toBe(true)
    expect(phone.workManager.getWorkInfos('SEND')).toMatchObject([
      { state: 'ENQUEUED', stopReason: 'DEVICE_STATE' },
    ])
  })

  it('stops workers that still run at the end of a maintenance window', async () => {
    const phone = new WorkPhone()
    const runs = phone.slowWorker('send')
    phone.power.set({ dozing: true })
    phone.workManager.enqueueUniqueWork('SEND', 'KEEP', { worker: 'send' })
    const stops: number[] = []
    await phone.clock.until(HOUR)
    runs[0]?.context.onStopped(() => stops.push(phone.clock.now()))
    await phone.clock.until(2 * HOUR)
    expect(stops).toEqual([65 * MINUTE])
  })

  it('opens maintenance windows less and less often', () => {
    const edges: number[] = []
    for (let at = 0, last = false; at < 24 * 60; at++) {
      const { open } = maintenanceWindow(at * MINUTE)
      if (open !== last) edges.push(at)
      last = open
    }
    expect(edges).toEqual([60, 65, 185, 195, 435, 445, 805, 815, 1175, 1185])
    expect(maintenanceWindow(62 * MINUTE)).toEqual({ open: true, leftMs: 3 * MINUTE })
  })
})
