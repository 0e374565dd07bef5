import { expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import { requireFormatVersion } from './format-version.ts'
import { History } from './history.ts'
import { parseScenario } from './parse-scenario.ts'

it('refuses a scenario of an older format in one line that names both versions', () => {
  expect(() => parseScenario({ version: 1, name: 'x' }, 'old.json')).toThrow(
    'old.json: expected a scenario of format version 2, got version 1; record it again, or change it as CHANGELOG.md says',
  )
})

it('refuses a history of an older format in one line that names both versions', () => {
  const [head = '', ...events] = tinyHistory().create('ana-1', 'm1').build().toJsonl().split('\n')
  const older = [JSON.stringify({ ...JSON.parse(head), version: 1 }), ...events].join('\n')
  expect(() => History.parse(older, 'old.jsonl')).toThrow(
    'old.jsonl: expected a history of format version 2, got version 1; record it again, or change it as CHANGELOG.md says',
  )
})

it('accepts the present version, and leaves data without a version to the schema', () => {
  expect(() => requireFormatVersion({ version: 2 }, 'a result', 'result.json')).not.toThrow()
  expect(() => requireFormatVersion({}, 'a result', 'result.json')).not.toThrow()
  expect(() => requireFormatVersion(null, 'a result', 'result.json')).not.toThrow()
})
