import { expect, it } from 'vitest'
import { fakeStage } from '../testing/fake-stage.ts'
import toxic from './toxic.ts'

const lieFi = { effect: 'toxic', device: 'ana', toxic: { type: 'timeout', stream: 'upstream' } }

it('toxic fills in toxicity 1 and no attributes', () => {
  expect(toxic.schema.parse(lieFi).toxic).toEqual({
    type: 'timeout',
    stream: 'upstream',
    toxicity: 1,
    attributes: {},
  })
})

it('toxic adds the toxic under its own id, and removes that one only', async () => {
  const stage = fakeStage()
  const spec = toxic.schema.parse(lieFi)
  await toxic.begin(spec, { stage, id: 'one', others: [] })
  await toxic.begin(spec, { stage, id: 'two', others: [] })
  await toxic.end(spec, { stage, id: 'one', others: [] })
  expect(Object.keys(stage.state().links.ana?.toxics ?? {})).toEqual(['two'])
})

it('toxic rejects a type that is not registered, and names those that are', () => {
  const toxics = new Set(['latency', 'noop'])
  const spec = toxic.schema.parse(lieFi)
  expect(toxic.check?.(spec, { effects: new Map(), toxics })).toBe(
    "toxic.type: expected one of latency, noop; got 'timeout'",
  )
  expect(toxic.check?.(spec, { effects: new Map() })).toBeUndefined()
})
