import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { allEffects } from './testing/effects.ts'

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')
const readme = read('README.md')

it("shows doze.ts, word for word, as the README's example", () => {
  expect(/```ts\n(.*?)```/s.exec(readme)?.[1]).toBe(read('doze.ts'))
})

it('lists every effect of the folder in the table of the README', async () => {
  const listed = [...readme.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name)
  expect(listed.sort()).toEqual([...(await allEffects()).keys()])
})
