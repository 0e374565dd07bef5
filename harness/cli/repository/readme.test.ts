import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tunnelproof } from '../testing/run-command.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const codeBlocks = (document: string, language: string) =>
  [...document.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text = '']) => text,
  )
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunnelproof-readme-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

it('README.md shows the output of a real run of the naive client', async () => {
  const [capture = ''] = codeBlocks(readme, 'console')
  const { exitCode, out } = await tunnelproof(
    folder,
    'run',
    'tunnel',
    '--client',
    'interview/naive',
    '--world',
    'sim',
  )
  expect(exitCode).toBe(1)
  const [, shown = ''] = /\n( {2}NO-LOSS[\s\S]*?)\n\n/.exec(capture) ?? []
  expect(shown).toContain('In the tunnel now')
  expect(out, 'the output in README.md is out of date: paste it again').toContain(shown)
})

it.each([
  ['README.md', 'my-app.ts'],
  ['clients/README.md', 'my-client.ts'],
])('the client of %s passes every scenario that it can play', async (document, file) => {
  const text = readFileSync(join(root, document), 'utf8')
  const [client = ''] = codeBlocks(text, 'ts').filter((code) => code.startsWith(`// ${file}`))
  const { exitCode, out } = await played(file, client)
  expect(exitCode, out).toBe(0)
  expect(Number(/(\d+) passed/.exec(out)?.[1])).toBeGreaterThanOrEqual(10)
})

it('no invariant accuses the example of core/client.ts, which refuses much', async () => {
  const source = readFileSync(join(root, 'harness/core/client.ts'), 'utf8')
  const [, [example = ''] = []] = source.split('@example\n').map((text) => text.split('\n */'))
  const { exitCode, out } = await played('online-only.ts', example.replace(/^ \* ?/gm, ''))
  expect(exitCode, out).toBe(2)
  expect(out).toMatch(/runs: \d+ passed, \d+ undecided; \d+ skipped/)
})

/** Plays every scenario in the sim with a client that imports nothing but types. */
async function played(file: string, client: string): ReturnType<typeof tunnelproof> {
  writeFileSync(join(folder, file), client)
  return tunnelproof(folder, 'run', '--client', `./${file}`, '--world', 'sim')
}

it.each([
  'README.md',
  'scenarios/README.md',
  'harness/README.md',
  'clients/README.md',
  'clients/interview/README.md',
  'clients/reference/README.md',
  'clients/workmanager/README.md',
  'server-stub/README.md',
  'reports/README.md',
])('every link of %s leads to a file that exists', (file) => {
  const text = readFileSync(join(root, file), 'utf8')
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = '']) => path)
  expect(links.filter((path) => !existsSync(join(root, dirname(file), path)))).toEqual([])
})
