import { expect, it } from 'vitest'
import type { RunResult, ScenarioResult } from '../../harness/core/result.ts'
import html from '../html.ts'
import junit from '../junit.ts'
import terminal from '../terminal.ts'
import { onePassed } from '../testing/run.ts'
import { runTitles } from './run-title.ts'

const input = onePassed()
const [entry] = input.entries
if (!entry) throw new Error('expected a run with a result')
const withSeed = (seed: number): ScenarioResult => ({ ...entry.result, seed })

/** A run in which the scenario was played with these seeds. */
function withSeeds(...seeds: number[]) {
  const entries = seeds.map((seed) => ({ ...entry, result: withSeed(seed) }))
  const run: RunResult = { ...input.run, results: entries.map(({ result }) => result) }
  return { run, entries } as typeof input
}

it('a title has the seed only if the run has several', () => {
  const { title } = entry.result
  expect(runTitles(withSeeds(7).run)(withSeed(7))).toBe(title)
  expect(runTitles(withSeeds(7, 8).run)(withSeed(8))).toBe(`${title} · seed 8`)
})

it('table, JUnit and page show the seeds of a run with several', () => {
  const several = withSeeds(7, 8)
  for (const text of [terminal.render(several), junit.render(several), html.render(several)]) {
    expect(text).toContain(`${entry.result.title} · seed 7`)
    expect(text).toContain(`${entry.result.title} · seed 8`)
  }
})
