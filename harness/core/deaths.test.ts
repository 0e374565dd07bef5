import { expect, it } from 'vitest'
import { during, from, scenario } from './build.ts'
import { deathsOf } from './deaths.ts'
import type { Effect } from './effect.ts'
import type { EffectSpec, Fault } from './fault.ts'

const effect = (name: string, kills?: (spec: EffectSpec) => string): [string, Effect] => [
  name,
  { name, ...(kills && { kills }) } as Effect,
]
const effects = new Map([
  effect('killed', ({ device }) => String(device)),
  effect('down', () => 'server'),
  effect('fog'),
])
const fault = (...specs: EffectSpec[]): Fault => ({
  name: 'any',
  caption: 'anything',
  nodes: ['ana'],
  effects: specs,
})

it('deathsOf counts for each node how often the scenario kills its process', () => {
  const story = scenario({
    title: 'Deaths',
    story: 'Processes die.',
    devices: ['ana', 'ben'],
    steps: [
      during('1s', '2s', fault({ effect: 'killed', device: 'ana' }, { effect: 'down' })),
      from('3s', fault({ effect: 'fog', device: 'ben' }, { effect: 'killed', device: 'ana' })),
    ],
    exercised: {},
  })
  expect([...deathsOf(story, effects)]).toEqual([
    ['ana', 2],
    ['server', 1],
  ])
})
