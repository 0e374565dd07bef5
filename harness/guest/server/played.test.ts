import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { at, scenario } from '../../core/build.ts'
import { send } from '../../workload/chat.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tunnelproof-test-played-'))
afterAll(() => rmSync(folder, { recursive: true }))

/**
 * Plays a server that keeps its items in a file, in a process of its own. Resolves to the
 * histories, by the paths of their files.
 */
async function histories(out: string, ...args: readonly string[]): Promise<Record<string, string>> {
  const play = promisify(execFile)(process.execPath, [
    join(root, 'harness/cli/tunnelproof.js'),
    ...['run', ...args],
    ...['--client', join(root, 'harness/testing/tiny-client.ts')],
    ...['--server', join(root, 'harness/guest/server/testing/items-server.ts')],
    ...['--out', join(folder, out)],
  ])
  // The tiny client fails each scenario: it never shows what others wrote.
  await play.catch(() => {})
  const below = join(folder, out, 'histories')
  const files = readdirSync(below, { recursive: true, encoding: 'utf8' })
  const found = files.filter((file) => file.endsWith('.jsonl')).sort()
  return Object.fromEntries(found.map((file) => [file, readFileSync(join(below, file), 'utf8')]))
}

it('plays a hosted server to the same byte in two processes', async () => {
  const args = ['server-crash-mid-push', 'flaky', '--world', 'sim', '--seeds', '1..3']
  const [first, second] = [await histories('first', ...args), await histories('second', ...args)]
  expect(Object.keys(first)).toHaveLength(6)
  expect(second).toEqual(first)
})

const breaking = scenario({
  title: 'Break',
  story: 'Ana sends a message that makes the server throw while it handles it, after another one.',
  devices: ['ana', 'ben'],
  steps: [at('5s', send('ana', 'Kept')), at('10s', send('ana', 'break'))],
  healAt: '20s',
  exercised: {},
})

it.each(['sim', 'wire'])('records that a hosted server crashed by itself (%s)', async (world) => {
  const file = join(folder, 'break.json')
  writeFileSync(file, JSON.stringify({ ...breaking, name: 'break' }))
  const [history = ''] = Object.values(await histories(world, file, '--world', world))
  const events = history
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const crashes = events.filter(({ type, node }) => type === 'crash' && node === 'server')
  expect(crashes[0]).toMatchObject({ by: 'itself', message: 'break, as asked' })
  expect(crashes[0].frame).toMatch(/^items-server\.ts:29:\d+$/)
  // After each restart its file was there: nothing was created again, or missing.
  const commits = events.filter(({ type }) => type === 'serverCommit')
  expect(commits).toEqual([expect.objectContaining({ write: 'create', text: 'Kept' })])
})
