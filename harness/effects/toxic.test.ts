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
  const noop = { attributes: {} }
  const toxics = new Map([
    ['latency', noop],
    ['noop', noop],
  ])
  const spec = toxic.schema.parse(lieFi)
  expect(toxic.check?.(spec, { effects: new Map(), toxics })).toBe(
    "toxic.type: expected one of latency, noop; got 'timeout'",
  )
  expect(toxic.check?.(spec, { effects: new Map() })).toBeUndefined()
})

it('toxic rejects an attribute that the toxic does not have, and one out of its range', () => {
  const attributes = { rate: { least: 0 } }
  const check = ({ rate = 0 }) => (rate === 13 ? 'rate must not be 13' : undefined)
  const toxics = new Map([
    ['timeout', { attributes, check }],
    ['noop', { attributes: {} }],
  ])
  const problem = (given: Record<string, number>, type = 'timeout') => {
    const spec = toxic.schema.parse({
      ...lieFi,
      toxic: { ...lieFi.toxic, type, attributes: given },
    })
    return toxic.check?.(spec, { effects: new Map(), toxics })
  }
  expect(problem({ rate: 5 })).toBeUndefined()
  expect(problem({})).toBeUndefined()
  expect(problem({ rat: 5 })).toBe(
    'toxic.attributes.rat: there is no such attribute; there are rate',
  )
  expect(problem({ constructor: 5 }, 'noop')).toContain('there are none')
  expect(problem({ rate: -1 })).toBe('toxic.attributes.rate: expected at least 0; got -1')
  expect(problem({ rate: 13 })).toBe('toxic.attributes: rate must not be 13')
})
