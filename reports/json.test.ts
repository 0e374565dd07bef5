import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { runResultSchema } from '../harness/core/result.ts'
import json from './json.ts'
import { attacked, everything, holdings } from './testing/run.ts'

it.each([
  ['a whole run', everything],
  ['an attack', attacked],
  ['a run on a server that tells holdings only', holdings],
])('writes %s as JSON that the schema accepts, unchanged', (_, input) => {
  const { run } = input()
  expect(runResultSchema.parse(JSON.parse(json.render(input())))).toEqual(run)
})

it('result.json is valid UTF-8 even if a message is not', () => {
  expect(json.render(attacked()).isWellFormed()).toBe(true)
})

it('the published schema of result.json is the current one', () => {
  const published: unknown = JSON.parse(
    readFileSync(new URL('schema/result.schema.json', import.meta.url), 'utf8'),
  )
  expect(published).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(runResultSchema))))
})
