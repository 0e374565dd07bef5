import { expect, it } from 'vitest'
import { z } from 'zod'
import { at, from, scenario } from './build.ts'
import { checkScenario } from './check-scenario.ts'
import { defineEffect } from './effect.ts'
import type { EffectSpec, Fault } from './fault.ts'
import { Problem } from './problem.ts'

const fog = defineEffect({
  name: 'fog',
  schema: z.object({
    effect: z.literal('fog'),
    device: z.string(),
    density: z.number().default(0.5),
    colour: z.string().default('grey'),
  }),
  example: { effect: 'fog', device: 'ana', density: 0.5, colour: 'grey' },
  caption: ({ device }) => `fog around ${device}`,
  check: ({ colour }, { toxics }) =>
    toxics?.has(colour) === false ? `no ${colour} fog` : undefined,
  begin: () => {},
  end: () => {},
})
const registries = { effects: new Map([['fog', fog]]) }

const build = (...effects: EffectSpec[]) => {
  const fault: Fault = { name: 'weather', caption: 'bad weather', nodes: ['ana'], effects }
  return scenario({
    title: 'Checked',
    story: 'A scenario is checked.',
    devices: ['ana'],
    steps: [at('1s', { device: 'ana', type: 'refresh' }), from('2s', fault)],
    exercised: {},
    invariants: ['NO-LOSS'],
  })
}
const effectsOf = ({ steps }: ReturnType<typeof build>) =>
  steps.flatMap((step) => ('fault' in step ? step.fault.effects : []))

it('checkScenario fills in the defaults of effects and changes nothing else', () => {
  const built = build({ effect: 'fog', device: 'ana' })
  const checked = checkScenario(built, registries, 'a file')
  expect(effectsOf(checked)).toEqual([
    { effect: 'fog', device: 'ana', density: 0.5, colour: 'grey' },
  ])
  expect(checkScenario(checked, registries, 'a file')).toEqual(checked)
  expect({ ...checked, steps: [] }).toEqual({ ...built, steps: [] })
})

it('rejects an effect that is not registered, with the step and the effects that are', () => {
  const check = () =>
    checkScenario(build({ effect: 'fogg', device: 'ana' }), registries, 'mine.json')
  expect(check).toThrow(
    'mine.json is not a scenario at steps.1.fault.effects.0.effect: ' +
      "expected one of fog; got 'fogg'",
  )
  expect(check).toThrow(Problem)
})

it("rejects a parameter that the effect's schema does not accept, with its path", () => {
  const built = build(
    { effect: 'fog', device: 'ana' },
    { effect: 'fog', device: 'ana', density: 'x' },
  )
  expect(() => checkScenario(built, registries, 'mine.json')).toThrow(
    'mine.json is not a scenario at steps.1.fault.effects.1.density: ',
  )
})

it("rejects a scenario if an effect's own check returns an error", () => {
  const built = build({ effect: 'fog', device: 'ana' })
  const withToxics = { ...registries, toxics: new Map([['green', { attributes: {} }]]) }
  expect(() => checkScenario(built, withToxics, 'mine.json')).toThrow(
    'mine.json is not a scenario at steps.1.fault.effects.0: no grey fog',
  )
})

it('checks the names of policy and invariants only if a registry of them is given', () => {
  const built = build({ effect: 'fog', device: 'ana' })
  const known = { policies: new Set(['last-write-wins']), invariants: new Set(['NO-LOSS']) }
  expect(() => checkScenario(built, { ...registries, ...known }, 'x')).not.toThrow()
  expect(() => checkScenario(built, { ...registries, policies: new Set(['lww']) }, 'x')).toThrow(
    "x is not a scenario at policy: expected one of lww; got 'last-write-wins'",
  )
  expect(() => checkScenario(built, { ...registries, invariants: new Set(['A']) }, 'x')).toThrow(
    "x is not a scenario at invariants.0: expected one of A; got 'NO-LOSS'",
  )
})
