import { execFile, execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '')
const run = promisify(execFile)
let home: string

/**
 * Packs a copy of this clone, as `npm publish` would, and installs the package in an empty folder.
 */
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'packed-'))
  const copy = join(home, 'clone')
  const ignored = new Set(['node_modules', 'dist', '.git', 'out'])
  cpSync(root, copy, {
    recursive: true,
    filter: (path) => path === root || !ignored.has(basename(path)),
  })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  execFileSync('npm', ['pack', '--pack-destination', home], { cwd: copy, stdio: 'pipe' })
  const tarball = readdirSync(home).find((name) => name.endsWith('.tgz')) ?? ''
  mkdirSync(join(home, 'elsewhere'))
  writeFileSync(join(home, 'elsewhere/package.json'), '{ "private": true }')
  execFileSync(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', join(home, tarball)],
    {
      cwd: join(home, 'elsewhere'),
      stdio: 'pipe',
    },
  )
}, 240_000)
afterAll(() => rmSync(home, { recursive: true, force: true }), 60_000)

/** Runs `npx tunnelproof …` in the folder that holds nothing but the installed package. */
async function tunnelproof(...argv: string[]): Promise<{ exitCode: number; out: string }> {
  const env = { ...process.env, NODE_OPTIONS: '', TOXIPROXY_URL: '', TOXIPROXY_BIN: '' }
  try {
    const { stdout, stderr } = await run('npx', ['--no-install', 'tunnelproof', ...argv], {
      cwd: join(home, 'elsewhere'),
      env,
    })
    return { exitCode: 0, out: stdout + stderr }
  } catch (cause) {
    const { code, stdout, stderr } = cause as { code: number; stdout: string; stderr: string }
    return { exitCode: code, out: stdout + stderr }
  }
}

it('the installed package finds the same plug-ins as the clone', async () => {
  const here = execFileSync(process.execPath, [join(root, 'harness/cli/tunnelproof.js'), 'list'], {
    encoding: 'utf8',
  })
  const { exitCode, out } = await tunnelproof('list')
  expect(exitCode, out).toBe(0)
  expect(out.replaceAll(/npm warn.*\n/g, '')).toBe(here)
})

it('the installed package plays in the sim and on the embedded Toxiproxy', async () => {
  const { exitCode, out } = await tunnelproof('run', 'tunnel', '--toxiproxy', 'embedded')
  expect(exitCode, out).toBe(0)
  expect(out).toContain('2 passed')
  expect(out).toContain('Toxiproxy 2.12.0 (embedded)')
  expect(out).toMatch(/Report: tunnelproof-report\/.*\/report.html/)
}, 90_000)

it('the installed package plays the user’s own TypeScript scenario and client', async () => {
  writeFileSync(join(home, 'elsewhere/mine.ts'), SCENARIO)
  writeFileSync(join(home, 'elsewhere/swallows.ts'), CLIENT)
  const [, client = ''] =
    /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
  writeFileSync(join(home, 'elsewhere/my-client.ts'), client)
  const { exitCode, out } = await tunnelproof(
    'run',
    './mine.ts',
    '--client',
    './swallows.ts',
    '--toxiproxy',
    'embedded',
    '--time-scale',
    '5',
  )
  expect(exitCode, out).toBe(1)
  expect(out).toContain('2 failed')
  expect(out).toMatch(/ana's message 'Boarding now' \(ana-1\) is lost/)
}, 90_000)

it('the installed package contains the phone of the test kit', async () => {
  writeFileSync(join(home, 'elsewhere/phone.mjs'), PHONE)
  const { stdout } = await run(process.execPath, ['phone.mjs'], { cwd: join(home, 'elsewhere') })
  expect(stdout).toBe('record-a Hello\n')
})

it('the test kit of the installed package builds a history and judges it', async () => {
  writeFileSync(join(home, 'elsewhere/kit.ts'), KIT)
  const argv = ['--import', join(root, 'node_modules/tsx/dist/loader.mjs'), 'kit.ts']
  const { stdout } = await run(process.execPath, argv, { cwd: join(home, 'elsewhere') })
  expect(stdout).toBe('ana-1 was committed twice\n')
}, 30_000)

it('the installed package contains the test kit, but no other test code', () => {
  const files = readdirSync(join(home, 'elsewhere/node_modules/tunnelproof/dist'), {
    recursive: true,
    encoding: 'utf8',
  })
  const folders = files.filter((path) => basename(path) === 'testing')
  expect(folders).toEqual([join('harness', 'testing')])
  expect(files.filter((path) => /\.(test|contract)\./.test(path))).toEqual([])
})

it('the installed package has types for scenarios and clients', () => {
  const compilerOptions = {
    noEmit: true,
    strict: true,
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023', 'dom'],
    types: [],
  }
  writeFileSync(
    join(home, 'elsewhere/tsconfig.json'),
    JSON.stringify({ compilerOptions, include: ['*.ts'] }),
  )
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc')],
    {
      cwd: join(home, 'elsewhere'),
      encoding: 'utf8',
    },
  )
  expect(status, stdout).toBe(0)
}, 60_000)

const SCENARIO = `
import { at, during, scenario } from 'tunnelproof/core/build'
import { tunnel } from 'tunnelproof/faults/tunnel'
import { send } from 'tunnelproof/workload/chat'

export default scenario({
  title: 'Mine',
  story: 'Ana writes in a tunnel.',
  devices: ['ana', 'ben'],
  steps: [during('1s', '9s', tunnel('ana')), at('5s', send('ana', 'Boarding now'))],
  settle: '10s',
  exercised: { actionsUnderFault: 1 },
})
`
const PHONE = `
import dedup from 'tunnelproof/servers/dedup'
import { message } from 'tunnelproof/testing/actions'
import { LocalServer } from 'tunnelproof/testing/local-server'
import { Phone } from 'tunnelproof/testing/phone'

const create = ({ http }) => ({
  start() {},
  stop() {},
  view: () => ({ rows: [] }),
  perform: ({ opId: key, collection, record, content }) => {
    const common = { key, collection, record, rev: 1, base: 0 }
    const item = { type: 'create', ...common, stamp: '000000000000001:00000:ana', content }
    const headers = {
      'content-type': 'application/json',
      'tunnelproof-device': 'ana',
      'tunnelproof-user': 'ana',
    }
    const body = JSON.stringify({ items: [item] })
    void http.request({ method: 'POST', path: '/push', headers, body })
    return { saved: Promise.resolve({ durable: false }) }
  },
})
const server = new LocalServer(dedup)
const phone = new Phone({ create }, { server })
await phone.start()
phone.perform(message('a', 'Hello'))
await phone.advance('1s')
console.log(server.rows().join())
`
const KIT = `
import type { Invariant } from 'tunnelproof/core/invariant'
import { tinyHistory } from 'tunnelproof/testing/history-builder'

const once: Invariant = {
  id: 'ONCE',
  promise: 'Every write is committed once.',
  needs: () => undefined,
  check: (history) => {
    const commits = history.of('serverCommit')
    const firstOf = (opId?: string) => commits.findIndex((other) => other.opId === opId)
    const twice = commits.filter(({ opId }, i) => firstOf(opId) < i)
    const findings = twice.map(({ opId, seq }) => ({
      message: \`\${opId} was committed twice\`,
      opIds: [String(opId)],
      evidence: [seq],
    }))
    return { judged: commits.length, findings }
  },
}
const history = tinyHistory().create('ana-1', 'm1', 'Hi').commit('ana-1').commit('ana-1')
for (const { message } of history.findings(once)) console.log(message)
`
const CLIENT = `
import type { ClientDefinition } from 'tunnelproof/core/client'

const swallows: ClientDefinition = {
  name: 'swallows',
  title: 'says yes and does nothing',
  capabilities: {
    collections: ['messages'],
    update: false,
    delete: false,
    cancel: false,
    statuses: false,
    outbox: false,
    cursor: false,
    versions: false,
    allSynced: false,
    conflicts: false,
    ordered: false,
    recovery: 1000,
  },
  create: () => ({
    start() {},
    perform: () => ({ saved: Promise.resolve({ durable: false }) }),
    view: () => ({ rows: [] }),
    stop() {},
  }),
}
export default swallows
`
