import { expect, it } from 'vitest'
import { fakeStage } from '../testing/fake-stage.ts'
import mobileData from './mobile-data.ts'

const spec = mobileData.spec({ device: 'ana' })

it('mobile-data breaks connections before the phone reports the change, both times', async () => {
  const stage = fakeStage()
  await mobileData.begin(spec, { stage, id: 'x', others: [] })
  expect(stage.calls).toEqual(['ana link broken', 'ana {"metered":true}'])
  await mobileData.end(spec, { stage, id: 'x', others: [] })
  expect(stage.calls.slice(2)).toEqual(['ana link broken', 'ana {"metered":false}'])
})

it('mobile-data leaves the phone online and its link enabled', async () => {
  const stage = fakeStage()
  await mobileData.begin(spec, { stage, id: 'x', others: [] })
  expect(stage.state().devices.ana).toMatchObject({ online: true, metered: true })
  expect(stage.state().links.ana?.enabled).toBe(true)
})
