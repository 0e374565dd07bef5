import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')

it("shows tunnel.ts, word for word, as the README's example of a fault", () => {
  const blocks = [...read('README.md').matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code)
  expect(blocks).toContain(read('tunnel.ts'))
})
