import { expect, it } from 'vitest'
import { at, scenario } from './build.ts'
import type { Exercised } from './exercise.ts'

const asking = (exercised: object) => () =>
  scenario({
    title: 'Asks',
    story: 'A scenario asks for a count.',
    devices: ['ana'],
    steps: [at('1s', { device: 'ana', type: 'refresh' })],
    exercised: exercised as Exercised,
  })

it.each(['lostResponses', 'retriedOperations'])(
  'explains that %s is no longer counted, and what to ask',
  (name) => {
    expect(asking({ serverCommits: 1, [name]: 1 })).toThrow(
      `at exercised: '${name}' is no longer counted: ask for 'lostAcks' instead`,
    )
  },
)

it('names a count that never was', () => {
  expect(asking({ lostNerves: 1 })).toThrow('lostNerves')
})
