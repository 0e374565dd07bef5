import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { GuestFolder, guestCode } from '../testing/compiled.ts'
import { TestStage } from '../testing/stage.ts'
import { isGuestFile } from './is-guest.ts'

const folder = new GuestFolder()
afterAll(() => folder.remove())

/** Writes a package into the folder of the guests. */
function install(name: string, files: Record<string, string>): void {
  for (const [file, content] of Object.entries(files)) {
    const path = join(folder.path, 'node_modules', name, file)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, content)
  }
}

/** Returns what an app shows whose view is an expression. */
async function shown(before: string, expression: string): Promise<unknown> {
  const body = `() => ({
    perform: () => undefined,
    view: () => [{ collection: 'notes', id: 'n', content: { shown: ${expression} } }],
  })`
  const definition = await folder.load(`${before}\n${guestCode(body)}`)
  const stage = new TestStage()
  const client = definition.create(stage.ports(), { device: 'ana', user: 'ana' })
  await client.start()
  const view = (await client.view()) as { rows: { content: { shown: unknown } }[] } | undefined
  return view?.rows[0]?.content.shown
}

it('a guest is bundled as for a page: browser fields, JSON, CommonJS, constants', async () => {
  install('two-faced', {
    'package.json': JSON.stringify({
      name: 'two-faced',
      main: 'node.js',
      browser: { './node.js': './page.js', fs: false },
    }),
    'node.js': "module.exports = require('fs').constants",
    'page.js': "module.exports = { where: 'page', fs: typeof require('fs').readFile }",
  })
  folder.write('words.json', '["a"]')
  const before = "import two from 'two-faced'\nimport words from './words.json'"
  expect(await shown(before, '{ two, words, mode: process.env.NODE_ENV }')).toEqual({
    two: { where: 'page', fs: 'undefined' },
    words: ['a'],
    mode: 'production',
  })
})

it('a guest bundles WebAssembly as bytes, and dynamic imports with itself', async () => {
  writeFileSync(join(folder.path, 'x.wasm'), new Uint8Array([0, 97, 115, 109]))
  folder.write('later.ts', 'export const later: string = "later"')
  const before = `import wasm from './x.wasm'
    const { later } = await import('./later.ts')`
  expect(await shown(before, '{ wasm: [...wasm], later }')).toEqual({
    wasm: [0, 97, 115, 109],
    later: 'later',
  })
})

it('the nearest package.json gives aliases and defines', async () => {
  folder.write('replacement.ts', 'export default "replaced"')
  const aliases = { 'native-thing': './replacement.ts' }
  folder.write(
    'package.json',
    JSON.stringify({ tunnelproof: { aliases, defines: { API: '"/api"' } } }),
  )
  expect(
    await shown("import thing from 'native-thing'\ndeclare const API: string", 'thing + API'),
  ).toBe('replaced/api')
  folder.write('package.json', JSON.stringify({ tunnelproof: { alias: {} } }))
  await expect(shown('', '1')).rejects.toThrow(/package\.json: 'tunnelproof' expects/)
  folder.write('package.json', '{}')
})

it('what the platform has besides is not there', async () => {
  const names = ['process', 'Buffer', 'module', 'Worker', 'SharedWorker']
  const types = names.map((name) => `typeof ${name}`)
  expect(await shown('', `[${types}]`)).toEqual(names.map(() => 'undefined'))
})

it.each([
  [
    'a module of Node',
    "import { readFileSync } from 'node:fs'\nreadFileSync('x')",
    /app\.ts:1:\d+: 'node:fs' is a module of Node.*"aliases"/,
  ],
  ['a missing package', "import 'nothing-here'", /app\.ts:1:8: 'nothing-here' is not found/],
  ['a syntax error', 'const = 1', /app\.ts:1:\d+: Expected identifier/],
])('a guest with %s cannot be compiled, and the error names the place', async (_, code, text) => {
  await expect(folder.load(`${code}\n${guestCode('() => ({})')}`)).rejects.toThrow(text)
})

it('a package with native code or a module of Node is named', async () => {
  install('native-lib', {
    'package.json': '{ "name": "native-lib", "main": "index.js" }',
    'index.js': "module.exports = require('./build/x.node')",
    'build/x.node': '',
  })
  install('@scope/node-lib', {
    'package.json': '{ "name": "@scope/node-lib", "main": "index.js" }',
    'index.js': "module.exports = require('net')",
  })
  const load = (name: string) => folder.load(`import '${name}'\n${guestCode('() => ({})')}`)
  await expect(load('native-lib')).rejects.toThrow(/package native-lib\) is native code/)
  await expect(load('@scope/node-lib')).rejects.toThrow(
    /'net' \(imported by the package @scope\/node-lib\) is a module of Node/,
  )
})

it('a guest without its default export is refused', async () => {
  const code = "import { guest } from 'tunnelproof/guest'\nexport const g = guest"
  await expect(folder.load(code)).rejects.toThrow(/default export is expected to be guest/)
})

it.each([
  ["import { guest } from 'tunnelproof/guest'", true],
  ["import { x } from 'y'\nimport {\n  guest,\n} from '../../harness/guest/guest.ts'", true],
  ["import type { Guest } from 'tunnelproof/guest'", false],
  ["// import { guest } from 'tunnelproof/guest'", false],
  ['export default { name: "x" }', false],
])('isGuestFile tells a guest by its import: %j', (code, expected) => {
  expect(isGuestFile(folder.write('is-guest.ts', code))).toBe(expected)
})
