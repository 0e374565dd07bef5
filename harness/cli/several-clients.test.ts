import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runResultSchema } from '../core/result.ts'
import { HOME } from './catalog/home.ts'
import { shellWords } from './catalog/shell-words.ts'
import { tunnelproof } from './testing/run-command.ts'

const CLIENTS = ['--client', 'interview/naive', '--client', 'plain']
let cwd: string
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'tunnelproof-clients-'))
  const argv = ['run', 'tunnel', 'edit-in-flight', ...CLIENTS, '--world', 'sim', '--out', 'both']
  expect(await tunnelproof(cwd, ...argv)).toMatchObject({ exitCode: 1, err: '' })
}, 60_000)
afterAll(() => rmSync(cwd, { recursive: true }))
const resultIn = (folder: string) =>
  runResultSchema.parse(JSON.parse(readFileSync(join(cwd, folder, 'result.json'), 'utf8')))

describe('run with several clients', () => {
  it('plays each scenario with each of them, and keeps their histories apart', () => {
    const { results, skipped, invocation } = resultIn('both')
    expect(results.map(({ scenario, client, verdict }) => [scenario, client, verdict])).toEqual([
      ['tunnel', 'interview/naive', 'fail'],
      ['tunnel', 'plain', 'pass'],
      ['edit-in-flight', 'plain', 'pass'],
    ])
    expect(skipped).toMatchObject([{ scenario: 'edit-in-flight', client: 'interview/naive' }])
    expect(results.map(({ history }) => history)).toEqual([
      'histories/sim/tunnel.interview-naive.jsonl',
      'histories/sim/tunnel.plain.jsonl',
      'histories/sim/edit-in-flight.plain.jsonl',
    ])
    for (const { history } of results) expect(existsSync(join(cwd, 'both', history))).toBe(true)
    expect(invocation).toMatchObject({
      ...{ client: 'interview/naive' },
      clients: [{ name: 'interview/naive' }, { name: 'plain', source: 'plain' }],
    })
  })

  it('each replay command plays its own client', async () => {
    for (const { client, verdict, hash, replay } of resultIn('both').results) {
      const [npx, tool, ...argv] = shellWords(replay)
      expect([npx, tool]).toEqual(['npx', 'tunnelproof'])
      const { out } = await tunnelproof(cwd, ...argv, '--out', 'one')
      expect(out).toContain(`: ${verdict}, as recorded; the same history, byte for byte`)
      expect(resultIn('one').results).toMatchObject([{ client, hash }])
      expect(resultIn('one').invocation).not.toHaveProperty('clients')
    }
  })

  it('a replay of several is one of several', async () => {
    const argv = ['replay', 'both', 'tunnel', '--out', 'two']
    expect((await tunnelproof(cwd, ...argv)).out).toContain(
      'replay of tunnel (sim, plain): pass, as recorded',
    )
    const again = ['replay', 'two', 'tunnel', '--client', 'plain', '--out', 'again']
    expect(await tunnelproof(cwd, ...again)).toMatchObject({ exitCode: 0 })
  })

  it('a replay of an unknown client names the known ones', async () => {
    expect((await tunnelproof(cwd, 'replay', 'both', '--client', 'x')).err).toBe(
      "both has no results of the client 'x', only of: interview/naive, plain\n",
    )
  })

  it('two clients of one name are refused', async () => {
    const plain = fileURLToPath(new URL('clients/plain/index.ts', HOME))
    writeFileSync(join(cwd, 'mine.ts'), `export { default } from '${plain}'\n`)
    const argv = ['run', 'tunnel', '--client', './mine.ts', '--client', 'plain', '--out', 'x']
    expect(await tunnelproof(cwd, ...argv)).toMatchObject({
      exitCode: 64,
      err:
        "--client ./mine.ts and --client plain are both called 'plain': " +
        'give one of them another name\n',
    })
  })

  it('a run in a folder of an earlier one removes the histories of all its clients', async () => {
    const argv = ['run', 'tunnel', ...CLIENTS, '--world', 'sim', '--out', 'reused']
    await tunnelproof(cwd, ...argv)
    await tunnelproof(cwd, 'run', 'tunnel', '--world', 'sim', '--out', 'reused')
    expect(existsSync(join(cwd, 'reused/histories/sim/tunnel.plain.jsonl'))).toBe(false)
    expect(existsSync(join(cwd, 'reused/histories/sim/tunnel.jsonl'))).toBe(true)
  })
})
