import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { nodeCommand, programUrl } from '../process/launch.ts'
import { TRANSPORT } from '../testing/transport.ts'
import { bundle } from './bundle.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'bundle-test-'))
afterAll(() => rmSync(home, { recursive: true }))

let projects = 0
/** Writes a user's files into a folder of their own, and bundles `main.ts`. */
async function compiled(files: Readonly<Record<string, string>>, ...more: string[]) {
  const folder = join(home, `project-${++projects}`)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  const entries = Object.keys(files).filter((name) => /^main|^other/.test(name))
  const urls = entries.map((name) => pathToFileURL(join(folder, name)).href)
  const out = join(home, `out-${projects}`)
  return { folder, modules: await bundle([...urls, ...more], out) }
}

/** Runs a compiled module with plain Node. */
function run(modules: readonly string[] | undefined) {
  const [program = '', ...rest] = nodeCommand(modules?.[0] ?? '', modules?.slice(1) ?? [])
  return spawnSync(program, rest, { encoding: 'utf8' })
}

const PACKAGES = {
  'node_modules/modern/package.json':
    '{ "name": "modern", "type": "module", "exports": { "import": "./m.js", "require": "./r.cjs" } }',
  'node_modules/modern/m.js': 'export const kind = "modern"; export const url = import.meta.url',
  'node_modules/modern/r.cjs': 'throw new Error("not for import")',
  'node_modules/old/package.json': '{ "name": "old", "main": "./o.js" }',
  'node_modules/old/o.js':
    'exports.kind = "old"; exports.sloppy = (function () { return this })() !== undefined',
}

it('bundle compiles a user’s files, and leaves packages where they are', async () => {
  const { folder, modules } = await compiled({
    ...PACKAGES,
    'main.ts': `
      import { readFileSync } from 'node:fs'
      import { kind, url } from 'modern'
      import { kind as old, sloppy } from 'old'
      import words from './words.json' with { type: 'json' }
      import { half } from './lib/half'
      const later = await import('./later.ts')
      const text = readFileSync(new URL('./words.json', import.meta.url), 'utf8')
      const result: unknown = { kind, url, old, sloppy, words, half: half(4), later, text }
      console.log(JSON.stringify(result))`,
    'lib/half.ts': 'export const half = (n: number): number => n / 2',
    'later.ts': 'export const when: string = "later"',
    'words.json': '["a"]',
  })
  const { stdout, stderr } = run(modules)
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual({
    kind: 'modern',
    url: pathToFileURL(join(folder, 'node_modules/modern/m.js')).href,
    old: 'old',
    sloppy: true,
    words: ['a'],
    half: 2,
    later: { when: 'later' },
    text: '["a"]',
  })
})

it('bundle keeps what two modules share a single module', async () => {
  const { modules } = await compiled({
    'main.ts': `
      import { Failure } from './failure.ts'
      const { fail } = await import(process.argv[2] as string)
      try { fail() } catch (error) { console.log(error instanceof Failure) }`.replace(
      'process.argv[2] as string',
      '"./other.ts"',
    ),
    'other.ts':
      "import { Failure } from './failure.ts'\nexport const fail = () => { throw new Failure() }",
    'failure.ts': 'export class Failure extends Error {}',
  })
  expect(run(modules).stdout).toBe('true\n')
})

it('bundle keeps the file and the line in stacks', async () => {
  const { folder, modules } = await compiled({
    'main.ts': "import { explode } from './deep/mine.ts'\n\nexplode()",
    'deep/mine.ts':
      'interface Nothing {}\n\nexport function explode(): Nothing {\n  throw new Error("boom")\n}',
  })
  expect(run(modules).stderr).toContain(`${join(folder, 'deep/mine.ts')}:4`)
})

it.each([
  ['is CommonJS', { 'main.ts': 'module.exports = 1' }],
  [
    'imports CommonJS of its own',
    { 'main.ts': "import x from './x.cjs'\nx()", 'x.cjs': 'exports.y = 1' },
  ],
  ['imports by a computed name', { 'main.ts': "const name = './x.ts'\nawait import(name)" }],
  ['resolves a module itself', { 'main.ts': "console.log(import.meta.resolve('./x.ts'))" }],
  [
    'sets up globals before a package loads',
    { ...PACKAGES, 'main.ts': "import './setup.ts'\nimport 'old'", 'setup.ts': '' },
  ],
  [
    'does so with a binding',
    {
      'main.ts': "import { x } from './setup.ts'\nx",
      'setup.ts': 'globalThis.x = 1; export const x = 1',
    },
  ],
  ['has a syntax error', { 'main.ts': 'const = 1' }],
  ['imports a file that does not exist', { 'main.ts': "import './nothing.ts'" }],
])('bundle leaves a module to be loaded as it is if it %s', async (_, files) => {
  expect((await compiled(files as Record<string, string>)).modules).toBeUndefined()
})

it('bundle compiles our own programs with every client and server of the repository', async () => {
  const below = (folder: string, name: RegExp) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => name.test(path))
      .map((path) => pathToFileURL(join(root, folder, path)).href)
  const clients = below('clients', /(^|\/)index\.ts$/)
  const servers = [
    ...below('server-stub/variants', /^[^.]*\.ts$/),
    ...below('server-stub/adapters', /^hono\.ts$/),
  ]
  expect(clients.length).toBeGreaterThan(5)
  for (const modules of [
    [programUrl('device'), ...clients],
    [programUrl('server'), TRANSPORT, ...servers],
  ])
    expect(await bundle(modules, join(home, `own-${modules.length}`))).toHaveLength(modules.length)
})
