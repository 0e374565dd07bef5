// Prints 'PASSED FAILED', with one check for each scenario. It passes if all given run folders have
// the same verdict on the scenario, by the same invariants.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

const folders = process.argv.slice(2)
const verdicts = new Map()
for (const [i, folder] of folders.entries()) {
  const file = join(folder, 'result.json')
  const { results } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { results: [] }
  for (const { scenario, verdict, why, invariants } of results) {
    const breached = invariants
      .filter((invariant) => invariant.verdict === 'fail')
      .map(({ id }) => id)
    const known = verdicts.get(scenario) ?? folders.map(() => 'not played')
    known[i] = verdict === 'unknown' ? `unknown (${why})` : [verdict, ...breached].join(' ')
    verdicts.set(scenario, known)
  }
}
const different = [...verdicts].filter(
  ([, [first, ...others]]) =>
    first.startsWith('unknown') || others.some((verdict) => verdict !== first),
)
for (const [scenario, found] of different)
  console.error(
    `FAILED: ${scenario}: ` +
      folders.map((folder, i) => `${folder.split('/').at(-1)} ${found[i]}`).join('; '),
  )
console.log(verdicts.size - different.length, verdicts.size === 0 ? 1 : different.length)
