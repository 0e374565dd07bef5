import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

/** Changes the example's imports to those of a file in the folder of the invariants. */
const inPlace = (code: string) =>
  code.replaceAll("'../../../", "'../").replaceAll("'../../reading/", "'./reading/")

it.each(['no-error.ts', 'no-error.test.ts'])('README.md shows %s, an example that runs', (file) => {
  const code = inPlace(read(`./example/${file}`))
  expect(read('../README.md')).toContain(`\`\`\`ts\n${code}\`\`\``)
})
