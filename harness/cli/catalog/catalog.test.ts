import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { catalog } from './catalog.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tunnelproof-home-'))
})
afterEach(() => rmSync(home, { recursive: true }))

const at = () => pathToFileURL(`${home}/`)
const put = (path: string, text: string) => {
  mkdirSync(dirname(join(home, path)), { recursive: true })
  writeFileSync(join(home, path), text)
}

it('finds a client in any folder below clients/, and names it by its path', async () => {
  put(
    'clients/deep/down/index.ts',
    "export default { name: 'deep/down', capabilities: {}, create: () => {} }",
  )
  put('clients/tools/index.ts', 'export const helper = 1')
  put('clients/deep/down/part.ts', 'export default 3')
  put('clients/deep/down/index.test.ts', 'throw new Error("tests are not loaded")')
  expect((await catalog.clients(at())).map(({ name }) => name)).toEqual(['deep/down'])
})

it('does not load guests: their packages may not be installed', async () => {
  put('clients/guests/queue/index.ts', "import 'a-package-that-is-not-installed'")
  expect(await catalog.clients(at())).toEqual([])
})

it('finds invariants, and loads neither their helpers nor their tests', async () => {
  put('harness/invariants/b.ts', "export default { id: 'B', check: () => {} }")
  put('harness/invariants/a.ts', "export default { id: 'A', check: () => {} }")
  put('harness/invariants/helper.ts', 'export const help = 1')
  put('harness/invariants/reading/more.ts', 'export default 1')
  put('harness/invariants/a.contract.ts', 'throw new Error("contracts are not loaded")')
  expect((await catalog.invariants(at())).map(({ id }) => id)).toEqual(['A', 'B'])
})

it('finds nothing if there is no folder', async () => {
  expect(await catalog.scenarios(at())).toEqual([])
})

it('names the file that does not hold a plug-in of its folder', async () => {
  put('harness/invariants/x.ts', "export default { id: 'X' }")
  await expect(catalog.invariants(at())).rejects.toThrow(
    "harness/invariants/x expects a default export with 'id', 'check'; 'check' is missing",
  )
  put('clients/a/index.ts', "export default { name: 'b', capabilities: {}, create: () => {} }")
  await expect(catalog.clients(at())).rejects.toThrow("'a' exports a plug-in named 'b'")
  rmSync(join(home, 'harness/invariants/x.ts'))
  put('scenarios/broken.ts', 'throw new Error("oh")')
  await expect(catalog.scenarios(at())).rejects.toThrow(
    /scenarios\/broken\.ts cannot be loaded: broken\.ts:1:\d+: oh/,
  )
})

it('finds effects by the names of their files, and does not load their tests', async () => {
  const effect = (name: string) =>
    `export default { name: '${name}', schema: {}, begin: () => {}, end: () => {} }`
  put('harness/effects/link-down.ts', effect('link-down'))
  put('harness/effects/link-down.test.ts', 'throw new Error("tests are not loaded")')
  expect([...(await catalog.effects(at())).keys()]).toEqual(['link-down'])
  put('harness/effects/doze.ts', effect('sleep'))
  await expect(catalog.effects(at())).rejects.toThrow("'doze' exports a plug-in named 'sleep'")
})

it('finds the examples of faults, and no module without one', async () => {
  put('harness/faults/rain.ts', "export const example = { name: 'rain' }")
  put('harness/faults/toxic.ts', 'export const toxic = () => ({})')
  expect(await catalog.faults(at())).toEqual([{ name: 'rain' }])
})

it('every fault of this repository has an example with its name and known effects', async () => {
  const effects = await catalog.effects()
  const faults = await catalog.faults()
  const files = readdirSync(new URL('../../faults/', import.meta.url))
  const names = files.filter((file) => /^[a-z-]+\.ts$/.test(file) && file !== 'toxic.ts')
  expect(faults.map(({ name }) => `${name}.ts`)).toEqual(names.sort())
  for (const { effects: specs } of faults) {
    for (const spec of specs) expect(effects.get(spec.effect)?.schema.parse(spec)).toEqual(spec)
  }
})

it('every plug-in of this repository has a name of its own', async () => {
  const unique = (names: string[]) => expect(new Set(names).size).toBe(names.length)
  unique((await catalog.scenarios()).map(({ name }) => name))
  unique((await catalog.invariants()).map(({ id }) => id))
  unique((await catalog.servers()).map(({ name }) => name))
  unique((await catalog.formats()).map(({ name }) => name))
  expect([...(await catalog.toxics()).keys()]).toEqual(
    expect.arrayContaining([
      'bandwidth',
      'latency',
      'limit_data',
      'noop',
      'reset_peer',
      'slicer',
      'slow_close',
      'timeout',
    ]),
  )
})
