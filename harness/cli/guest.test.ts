import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exitCode as exitCodeFor } from './exit-codes.ts'
import { runOfProcess } from './testing/run-of-process.ts'

/** A list on localStorage and fetch, which sends again until the server has everything. */
const LIST = `import { guest } from 'tunnelproof/guest'
import { rowsOf } from './rows.ts'

export default guest({ name: 'list', durable: true }, ({ server }) => {
  const read = (name: string) => JSON.parse(localStorage.getItem(name) ?? '[]')
  const write = (name: string, value: unknown) => localStorage.setItem(name, JSON.stringify(value))
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(server + path, { ...init, signal: AbortSignal.timeout(8_000) })
    if (!response.ok) throw new Error(String(response.status))
    return response.json()
  }
  const sync = async () => {
    for (const write of read('outbox'))
      await call('/rows', { method: 'POST', body: JSON.stringify(write) })
        .then(() => remove(write))
    write('rows', await call('/rows'))
  }
  const remove = ({ key }: { key: string }) =>
    write('outbox', read('outbox').filter((each: { key: string }) => each.key !== key))
  const poll = () => navigator.locks.request('sync', { ifAvailable: true }, async (lock) => {
    if (lock) await sync().catch((error) => console.log(String(error)))
  })
  setInterval(poll, 3_000)
  addEventListener('online', poll)
  return {
    perform({ type, collection, record, content }) {
      if (type === 'refresh') return poll()
      const key = crypto.randomUUID()
      write('outbox', [...read('outbox'), { key, type, collection, id: record, content }])
      void poll()
      return undefined
    },
    view: () => rowsOf(read('rows'), read('outbox')),
  }
})
`
const ROWS = `interface Row { id: string; collection: string; content: Record<string, string> }
export function rowsOf(rows: Row[], outbox: (Row & { type: string })[]): Row[] {
  const all = new Map(rows.map((row) => [row.id, row]))
  for (const { type, collection, id, content } of outbox) {
    if (type === 'delete') all.delete(id)
    else all.set(id, { collection, id, content })
  }
  return [...all.values()]
}
`
/** A server that carries out each write once, by its key. */
const SERVER = `export default {
  name: 'rows',
  title: 'rows by id',
  tells: 'holdings',
  create({ database }) {
    const db = database({ rows: { key: 'id' }, keys: { key: 'key' } })
    const all = () => db.read((tables) => tables.table('rows').all())
    return {
      async handle({ method, body }) {
        if (method === 'POST') {
          const { key, type, ...row } = JSON.parse(body)
          db.transaction((tables) => {
            if (tables.table('keys').get(key)) return
            tables.table('keys').put({ key })
            const version = 1 + (tables.table('rows').get(row.id)?.version ?? 0)
            tables.table('rows').put({ ...row, version, deleted: type === 'delete' })
          })
        }
        const rows = all().filter((row) => !row.deleted)
        return {
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(rows.map(({ key, version, deleted, ...row }) => row)),
        }
      },
      dump: () => ({
        epoch: 'e', position: 0,
        rows: all().map(({ id, collection, content, version, deleted }) =>
          ({ record: id, collection, version, deleted, ...(!deleted && { content }) })),
      }),
    }
  },
}
`

let cwd: string
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'guest-cli-test-'))
  writeFileSync(join(cwd, 'list.ts'), LIST)
  writeFileSync(join(cwd, 'rows.ts'), ROWS)
  writeFileSync(join(cwd, 'server.mjs'), SERVER)
})
afterAll(() => rmSync(cwd, { recursive: true }))

const run = (client: string, ...rest: string[]) =>
  runOfProcess(cwd, 'run', ...rest, '--client', client, '--server', './server.mjs')
const broken = (name: string, code: string) => {
  writeFileSync(join(cwd, name), code)
  return `./${name}`
}
const guestWith = (body: string) =>
  `import { guest } from 'tunnelproof/guest'\n\nexport default guest({ name: 'odd' }, () => {\n${body}\n})\n`

it('a guest passes in both worlds, killed in the middle, and its run can be replayed', async () => {
  const scenarios = ['tunnel', 'tunnel-app-killed', 'lost-ack']
  const { exitCode, out } = await run('./list.ts', ...scenarios, '--world', 'both', '--out', 'both')
  expect({ exitCode, out }).toMatchObject({ exitCode: 0, out: expect.stringContaining('6 passed') })
  const replayed = await runOfProcess(cwd, 'replay', 'both', 'lost-ack', '--world', 'sim')
  expect(replayed.out).toContain('the same history')
})

it('two processes record the same histories of a guest', async () => {
  const histories = async (out: string) => {
    await run('./list.ts', 'flaky', 'tunnel-app-killed', '--world', 'sim', '--out', out)
    const folder = join(cwd, out, 'histories/sim')
    return readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
  }
  const first = await histories('first')
  expect(first).toHaveLength(2)
  expect(await histories('second')).toEqual(first)
})

it('a guest that reaches a real global is undecided in the sim, with the line', async () => {
  const client = broken(
    'escape.ts',
    guestWith(`  const real = Function('return this')()

  real.setTimeout(() => {}, 10)
  return { perform: () => undefined, view: () => [] }`),
  )
  const { exitCode, out } = await run(client, 'clean', '--world', 'sim')
  expect(exitCode).toBe(exitCodeFor('undecided'))
  expect(out.replace(/\s+/g, ' ')).toContain(
    'uses setTimeout at escape.ts:6:8, where the sim cannot follow: use setTimeout by its plain ' +
      "name, which is the page's own",
  )
})

it('a guest that fails is found with the line of its file', async () => {
  const client = broken(
    'crash.ts',
    guestWith(`  type Rows = never[]
  return {
    perform: () => undefined,
    view(): Rows { throw new Error('no view') },
  }`),
  )
  const { out } = await run(client, 'clean', '--world', 'sim')
  expect(out.replace(/\s+/g, ' ')).toContain('no view (at crash.ts:7:26)')
})

it.each([
  ['syntax.ts', guestWith('  const = 1'), 'syntax.ts:4:9: Expected identifier but found "="'],
  ['load.ts', guestWith('').replace('\n\n', '\nnull.x\n'), 'load.ts:2:6: Cannot read properties'],
  ['node.ts', `import 'node:fs'\n${guestWith('')}`, "node.ts:1:8: 'node:fs' is a module of Node"],
])('a guest that cannot be compiled is a usage error in one line: %s', async (name, code, text) => {
  const { exitCode, err } = await run(broken(name, code), 'clean', '--world', 'sim')
  expect([exitCode, err.trim().split('\n')]).toEqual([
    exitCodeFor('badUsage'),
    [expect.stringContaining(text)],
  ])
})

it('the compiled guest is removed when the command ends', async () => {
  const compiled = () => readdirSync(cwd).filter((name) => name.startsWith('tunnelproof-guest-'))
  await runOfProcess(cwd, 'run', 'clean', '--world', 'sim', '--client', './list.ts')
  expect(compiled()).toEqual([])
})
