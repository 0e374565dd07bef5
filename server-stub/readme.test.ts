import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const here = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')

it('README.md shows example.test.ts, which runs', () => {
  expect(here('./README.md')).toContain(`\`\`\`ts\n${here('./example.test.ts')}\`\`\``)
})
