import { expect, test } from 'vitest'
import { asyncBody } from './async-module.ts'

const modules: Readonly<Record<string, object>> = {
  './a.js': { default: 'A', b: 'B', 'odd name': 'odd' },
  './all.js': { default: 'not this', one: 1, own: 'theirs' },
}

/** Runs a module as it would be printed. Resolves to its exports. */
async function run(...lines: readonly string[]): Promise<Record<string, unknown>> {
  const AsyncFunction = async function runs() {}.constructor as new (
    ...parts: string[]
  ) => (exports: object, load: (from: string) => Promise<unknown>) => Promise<void>
  const exports = {}
  const { first, body } = asyncBody(lines.join('\n'))
  await new AsyncFunction('exports', 'tunnelproofImport', `${first}${body}`)(
    exports,
    async (from) => modules[from],
  )
  return exports
}

test('awaits at the top level, with every form of import', async () => {
  const found = await run(
    'import a, { b as c, "odd name" as odd } from "./a.js";',
    'import d, * as all from "./a.js";',
    'import "./a.js";',
    'const later = await Promise.resolve("later");',
    'export {',
    '  a,',
    '  c as "see",',
    '  odd,',
    '  d as default,',
    '  all,',
    '  later',
    '};',
  )
  expect({ ...found }).toEqual({
    a: 'A',
    see: 'B',
    odd: 'odd',
    default: 'A',
    all: modules['./a.js'],
    later: 'later',
  })
})

test('re-exports all names but default and its own', async () => {
  const found = await run('export * from "./all.js";', 'const own = 2;', 'export { own };')
  expect({ ...found }).toEqual({ one: 1, own: 2 })
})

test('imports before anything else runs, and keeps the numbers of the lines', () => {
  const { first, body } = asyncBody('use(a);\nimport { a } from "./a.js";\nthird();')
  expect(first).toBe('const { a } = await tunnelproofImport("./a.js");')
  expect(body.split('\n')).toEqual(['use(a);', '', 'third();'])
})
