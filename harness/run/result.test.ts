import { expect, it } from 'vitest'
import { at, scenario } from '../core/build.ts'
import { History } from '../core/history.ts'
import { historyHead } from '../core/history-head.ts'
import { scenarioResultSchema } from '../core/result.ts'
import tinyClient from '../testing/tiny-client.ts'
import { send } from '../workload/chat.ts'
import { scenarioResult } from './result.ts'

const story = scenario({
  title: 'Result',
  story: 'A result is built.',
  devices: ['ana'],
  steps: [at('1s', send('ana', 'hi'))],
  exercised: {},
})
const setting = {
  scenario: story,
  client: tinyClient,
  server: { name: 'tiny' },
  seed: 7,
  timeScale: 1,
}
const history = new History(historyHead(setting, 'sim'), [])
const result = scenarioResult({
  history,
  judgement: { verdict: 'unknown', why: 'no stage', exercised: [], invariants: [] },
  realMs: 12.6,
  files: { history: 'histories/sim/result.jsonl', replay: 'npx tunnelproof replay' },
})

it('scenarioResult fills in every field of the schema, from an empty history too', () => {
  expect(scenarioResultSchema.parse(result)).toEqual(result)
  expect(result).toMatchObject({
    scenario: 'result',
    client: 'tiny',
    seed: 7,
    events: 0,
    scenarioMs: 0,
    hash: history.hash(),
  })
})

it('scenarioResult names the files of the run and rounds its real time to milliseconds', () => {
  expect(result).toMatchObject({
    history: 'histories/sim/result.jsonl',
    replay: 'npx tunnelproof replay',
    realMs: 13,
  })
})
