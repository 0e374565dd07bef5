import { describe, expect, it } from 'vitest'
import { at, during, from, scenario } from './build.ts'
import type { Fault } from './fault.ts'
import { markOf } from './mark.ts'
import { parseScenario } from './parse-scenario.ts'
import { Problem } from './problem.ts'

const cutOff: Fault = {
  name: 'cut-off',
  caption: 'ana is cut off',
  nodes: ['ana'],
  effects: [{ effect: 'link-down', device: 'ana' }],
}
const say = (device: string, text: string) => ({
  device,
  type: 'create' as const,
  collection: 'messages',
  content: { conversation: 'main', text },
})

const build = (steps: Parameters<typeof scenario>[0]['steps']) =>
  scenario({
    title: 'A short Story',
    story: 'Something happens.',
    devices: ['ana', { name: 'ben', user: 'Ben B.' }],
    steps,
    exercised: { serverCommits: 1 },
  })

describe('scenario', () => {
  it('scenario() numbers operations and records in the order of time, and marks every text', () => {
    const built = build([
      at('4s', say('ana', 'second')),
      at('2s', say('ana', 'first')),
      at('3s', say('ben', 'other')),
    ])
    const actions = built.steps.map((step) => ('action' in step ? step.action : undefined))
    expect(actions.map((action) => action?.opId)).toEqual(['ana-1', 'ben-1', 'ana-2'])
    expect(
      actions.map((action) => action && 'content' in action && markOf(String(action.content.text))),
    ).toEqual([
      { record: 'm1', opId: 'ana-1' },
      { record: 'm2', opId: 'ben-1' },
      { record: 'm3', opId: 'ana-2' },
    ])
  })

  it('scenario() derives the name from the title, and heals when the last step ends', () => {
    const built = build([during('1s', '9s', cutOff), at('4s', say('ana', 'hi'))])
    expect(built).toMatchObject({
      name: 'a-short-story',
      healAt: 9000,
      settle: 120_000,
      policy: 'last-write-wins',
    })
    expect(built.devices).toEqual([
      { name: 'ana', user: 'ana' },
      { name: 'ben', user: 'Ben B.' },
    ])
  })

  it('scenario() returns plain data that is the same after saving and loading', () => {
    const built = build([from('1s', cutOff), at('4s', say('ana', 'hi'))])
    expect(parseScenario(JSON.parse(JSON.stringify(built)), 'a file')).toEqual(built)
  })

  it('during() rejects a fault that ends before it begins', () => {
    expect(() => during('5s', '2s', cutOff)).toThrow(Problem)
  })

  it('scenario() rejects a step for a device that the scenario does not have', () => {
    expect(() => build([at('1s', say('carl', 'hi'))])).toThrow(
      "is not a scenario at steps.0.device: expected one of ana, ben; got 'carl'",
    )
  })
})

describe('parseScenario', () => {
  it('parseScenario names the file and the first wrong field in its error', () => {
    expect(() => parseScenario({ version: 2, name: 'x' }, 'broken.json')).toThrow(
      /^broken\.json is not a scenario at title: /,
    )
  })

  it('parseScenario rejects an unknown key, so that a misspelt one is noticed', () => {
    const built = build([at('1s', say('ana', 'hi'))])
    expect(() => parseScenario({ ...built, setle: 5 }, 'typo.json')).toThrow(/setle/)
  })
})
