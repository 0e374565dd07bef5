import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import markdown from './testing/example-format.ts'
import { attacked, everything } from './testing/run.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

it('shows in README.md the example format that these tests run', () => {
  // The example is one folder deeper than a real format, so that discovery does not find it.
  const source = read('testing/example-format.ts')
    .replaceAll("'../", "'./")
    .replaceAll('./../', '../')
  expect(read('README.md')).toContain(source)
})

it('renders a run in the example format', () => {
  expect(markdown.render(everything()).split('\n').slice(0, 5)).toEqual([
    '6 runs: 2 passed, 3 failed, 1 undecided; 2 skipped.',
    '',
    '| scenario | world | verdict |',
    '|---|---|---|',
    '| Tunnel | sim | fail |',
  ])
})

it('escapes hostile titles in the example format', () => {
  expect(markdown.render(attacked())).toContain('Hostile \\</title\\>\\<script\\>alert(2)')
})
