import { expect, it } from 'vitest'
import { fakeStage } from '../testing/fake-stage.ts'
import clockSkew from './clock-skew.ts'

const hour = 3_600_000
const skew = (device: string, by: number) => clockSkew.spec({ device, by })
const others = [skew('ana', 2 * hour), skew('ben', 8 * hour), { effect: 'doze', device: 'ana' }]

it('clock-skew adds to the other skews of its device, and leaves them when it ends', async () => {
  const stage = fakeStage()
  await clockSkew.begin(skew('ana', -hour), { stage, id: 'x', others })
  expect(stage.state().devices.ana?.skew).toBe(hour)
  await clockSkew.end(skew('ana', -hour), { stage, id: 'x', others })
  expect(stage.state().devices.ana?.skew).toBe(2 * hour)
})

it('clock-skew shows in its caption how far and in which direction the clock is wrong', () => {
  expect(clockSkew.caption(skew('ana', hour))).toBe("ana's clock is 1 h ahead")
  expect(clockSkew.caption(skew('ana', -hour))).toBe("ana's clock is 1 h behind")
})
