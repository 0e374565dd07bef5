import { expect, it } from 'vitest'
import type { Effect } from '../core/effect.ts'
import { Problem } from '../core/problem.ts'
import { fakeStage } from '../testing/fake-stage.ts'
import { HeldEffects } from './held-effects.ts'

/** Returns an effect that lists its calls, with the others that hold. */
const recorded = (name: string, calls: string[], cumulative = false): [string, Effect] => {
  const record =
    (when: string): Effect['begin'] =>
    (_, { id, others }) => {
      calls.push(`${when} ${id} beside ${others.map(({ effect }) => effect).join(', ') || 'none'}`)
    }
  const effect = { name, cumulative, begin: record('begin'), end: record('end') }
  return [name, effect as unknown as Effect]
}
const setUp = () => {
  const calls: string[] = []
  const effects = new Map([
    recorded('fog', calls),
    recorded('wind', calls),
    recorded('rain', calls, true),
  ])
  return { calls, held: new HeldEffects(fakeStage(), effects) }
}

it('begins equal effects once, and ends them with the last', async () => {
  const { calls, held } = setUp()
  await held.begin('1', { effect: 'fog', device: 'ana' })
  await held.begin('2', { device: 'ana', effect: 'fog' })
  await held.end('1', { effect: 'fog', device: 'ana' })
  expect(calls).toEqual(['begin 1 beside none'])
  await held.end('2', { device: 'ana', effect: 'fog' })
  expect(calls).toEqual(['begin 1 beside none', 'end 2 beside none'])
})

it('begins and ends each of equal cumulative effects', async () => {
  const { calls, held } = setUp()
  await held.begin('1', { effect: 'rain' })
  await held.begin('2', { effect: 'rain' })
  await held.end('1', { effect: 'rain' })
  expect(calls).toEqual(['begin 1 beside none', 'begin 2 beside none', 'end 1 beside none'])
})

it('passes each other effect that holds to the effect, once', async () => {
  const { calls, held } = setUp()
  await held.begin('1', { effect: 'fog', device: 'ana' })
  await held.begin('2', { effect: 'fog', device: 'ana' })
  await held.begin('3', { effect: 'fog', device: 'ben' })
  await held.begin('4', { effect: 'wind' })
  await held.end('1', { effect: 'fog', device: 'ana' })
  await held.end('3', { effect: 'fog', device: 'ben' })
  expect(calls.slice(1)).toEqual([
    'begin 3 beside fog',
    'begin 4 beside fog, fog',
    'end 3 beside fog, wind',
  ])
})

it('rejects an unknown effect with the known ones', async () => {
  const unknown = setUp().held.begin('1', { effect: 'snow' })
  await expect(unknown).rejects.toThrow("expected an effect of fog, wind, rain; got 'snow'")
  await expect(unknown).rejects.toThrow(Problem)
})
