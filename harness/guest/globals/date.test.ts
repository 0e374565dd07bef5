import { expect, it } from 'vitest'
import { EPOCH_WALL } from '../../core/time.ts'
import { TestStage } from '../testing/stage.ts'

const made = async () => {
  const stage = new TestStage()
  const globals = stage.globals()
  await stage.clock.advance(1500)
  return { stage, globals, GuestDate: globals.Date }
}

it('Date without arguments is the wall clock of the device', async () => {
  const { GuestDate } = await made()
  expect(GuestDate.now()).toBe(EPOCH_WALL + 1500)
  expect(new GuestDate().getTime()).toBe(EPOCH_WALL + 1500)
  expect(GuestDate()).toBe(new Date(EPOCH_WALL + 1500).toString())
})

it('Date with arguments, parse and UTC are those of the platform', async () => {
  const { GuestDate } = await made()
  expect(new GuestDate(2026, 0, 2, 3).getTime()).toBe(new Date(2026, 0, 2, 3).getTime())
  expect(new GuestDate('2026-01-01T00:00:00Z').toISOString()).toBe('2026-01-01T00:00:00.000Z')
  expect(GuestDate.UTC(2026, 1)).toBe(Date.UTC(2026, 1))
  expect(GuestDate.parse('2026-01-01')).toBe(Date.parse('2026-01-01'))
  expect(GuestDate.length).toBe(7)
  expect(GuestDate.name).toBe('Date')
})

it('dates are instances of the class, wherever they are made', async () => {
  const { globals, GuestDate } = await made()
  const date = new GuestDate(5)
  expect(date instanceof GuestDate).toBe(true)
  expect(new Date(5) instanceof GuestDate).toBe(true)
  expect({} instanceof GuestDate).toBe(false)
  expect(date.constructor).toBe(GuestDate)
  expect(globals.structuredClone(date).constructor).toBe(GuestDate)
  expect(Object.prototype.toString.call(date)).toBe('[object Date]')
})

it('Date can be extended', async () => {
  const { GuestDate } = await made()
  class Day extends GuestDate {
    day() {
      return this.toISOString().slice(0, 10)
    }
  }
  expect(new Day(0).day()).toBe('1970-01-01')
  expect(new Day().getTime()).toBe(EPOCH_WALL + 1500)
  expect(new Day() instanceof Day && new Day() instanceof GuestDate).toBe(true)
  expect(new GuestDate() instanceof Day).toBe(false)
})

it('performance counts from the start of the incarnation', async () => {
  const { stage } = await made()
  const { performance } = stage.globals()
  await stage.clock.advance(20)
  performance.mark('a')
  await stage.clock.advance(5)
  expect(performance.now()).toBe(25)
  expect(performance.timeOrigin).toBe(EPOCH_WALL + 1500)
  expect(performance.measure('m', 'a')).toMatchObject({ startTime: 20, duration: 5 })
  expect(performance.getEntriesByType('mark')).toMatchObject([{ name: 'a', startTime: 20 }])
  performance.clearMarks()
  expect(performance.getEntriesByName('a')).toEqual([])
  expect(() => performance.measure('m', 'nothing')).toThrow(/does not exist/)
})
