import { mkdirSync, writeFileSync } from 'node:fs'
import { findSourceMap } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { MemoryDisk } from '../../../core/ports/memory-database.ts'
import { VirtualClock } from '../../../core/ports/virtual-clock.ts'
import { worksInOrder } from '../../../core/ports/works-in-order.ts'
import { seededRandom } from '../../../core/random.ts'
import { newIncarnation } from '../incarnation.ts'
import { serverFile } from '../testing/server-file.ts'

/** Loads the first file in a realm of its own. Resolves to its exports. */
async function load(files: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
  const file = serverFile({ [Object.keys(files)[0] as string]: '' })
  for (const [name, code] of Object.entries(files)) {
    const path = join(dirname(file), name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, code)
  }
  const { realm } = newIncarnation({
    ports: {
      clock: new VirtualClock(),
      random: seededRandom(1),
      database: new MemoryDisk().open(),
      standstill: worksInOrder(),
    },
    file,
    cwd: dirname(file),
  })
  const exports = (await realm.load(file)) as Record<string, unknown>
  return { ...exports, file }
}

it('runs CommonJS as it is', async () => {
  const { default: exported } = await load({
    'main.cjs': `
      exports.isMain = require.main === module
      exports.same = require('./lib.cjs') === require('./lib.cjs')
      exports.json = require('./data.json').value
      exports.here = [__filename, __dirname].every((place) => place.startsWith('/'))
      exports.isSloppy = (function () { return this !== undefined })()
      const WebSocket = 'of its own', process = require('process')
      exports.cwd = process.cwd() === __dirname`,
    'lib.cjs': 'module.exports = class {}',
    'data.json': '{ "value": 7 }',
  })
  expect(exported).toEqual({
    ...{ isMain: true, same: true, json: 7, here: true, isSloppy: true, cwd: true },
  })
})

it('gives ES modules live bindings, circles and what CommonJS exports', async () => {
  const { result, url, dir, file } = await load({
    'main.mjs': `
      import cjs, { named } from './lib.cjs'
      import { count, increase } from './counter.mjs'
      import * as circle from './circle.mjs'
      export const own = 'own'
      increase()
      export const result = [cjs.named, named, count, circle.readOwn(), typeof require]
      export const url = import.meta.url
      export const dir = import.meta.dirname`,
    'lib.cjs': "exports.named = 'named'",
    'counter.mjs': 'export let count = 0\nexport const increase = () => { count++ }',
    'circle.mjs': "import { own } from './main.mjs'\nexport const readOwn = () => own",
  })
  expect(result).toEqual(['named', 'named', 1, 'own', 'function'])
  expect(url).toBe(pathToFileURL(file as string).href)
  expect(dir).toBe(dirname(file as string))
})

it('awaits at the top level, also in what a module imports', async () => {
  const { value } = await load({
    'main.ts': "import { late } from './middle.ts'\nexport const value: string = late + '!'",
    'middle.ts': "export * from './late.ts'",
    'late.ts': "export const late = await Promise.resolve('late')",
  })
  expect(value).toBe('late!')
})

it('imports at run time, and fails as Node does', async () => {
  const { value, failure } = await load({
    'main.mjs': `
      const name = 'other'
      export const value = (await import(\`./\${name}.mjs\`)).default
      export const failure = await import('./none.mjs').catch((error) => error.code)`,
    'other.mjs': 'export default 8',
  })
  expect([value, failure]).toEqual([8, 'MODULE_NOT_FOUND'])
})

it('resolves packages by the way in which they are asked for', async () => {
  const { value } = await load({
    'main.mjs': `
      import { kind } from 'both'
      import { kind as feature } from 'both/features/one'
      import { createRequire } from 'node:module'
      import inner from '#inner'
      export const value = [kind, feature, createRequire(import.meta.url)('both').kind, inner]`,
    'package.json': '{ "type": "module", "imports": { "#inner": "./inner.mjs" } }',
    'inner.mjs': "export default 'inner'",
    'node_modules/both/package.json': JSON.stringify({
      name: 'both',
      exports: {
        '.': { import: './import.mjs', require: './require.cjs' },
        './features/*': './features/*.mjs',
      },
    }),
    'node_modules/both/import.mjs': "export const kind = 'import'",
    'node_modules/both/require.cjs': "exports.kind = 'require'",
    'node_modules/both/features/one.mjs': "export const kind = 'feature'",
  })
  expect(value).toEqual(['import', 'feature', 'require', 'inner'])
})

it('names the line of the source that threw', async () => {
  process.setSourceMapsEnabled(true)
  const failing = load({
    'main.ts': "interface Long {\n  readonly a: string\n}\n\nthrow new Error('at line five')",
  })
  const { stack } = await failing.then(
    () => ({ stack: 'nothing was thrown' }),
    (error: Error) => error,
  )
  // Node maps stacks by this; the runner of these tests does not let it.
  const [, path = '', line, column] = /\((.*main\.ts):(\d+):(\d+)\)/.exec(stack ?? '') ?? []
  const entry = findSourceMap(path)?.findEntry(Number(line) - 1, Number(column) - 1)
  expect(entry).toMatchObject({ originalLine: 4, originalColumn: 6 })
})

it('refuses native modules by name', async () => {
  const failing = load({
    'main.cjs': "require('./native.node')",
    'native.node': '',
  })
  await expect(failing).rejects.toThrow(
    /the native module native\.node, which .*main\.cjs uses, cannot be hosted; play the server/,
  )
})

it('keeps what code adds to the global object in its realm', async () => {
  const files = {
    'main.mjs': `
      export const before = globalThis.mine
      globalThis.mine = true
      export const after = [mine(), globalThis === global, globalThis.Date === Date]
      function mine() { return globalThis.mine }`,
  }
  await load(files)
  expect(await load(files)).toMatchObject({ before: undefined, after: [true, true, true] })
})
