import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { History } from '../core/history.ts'
import { runResultSchema } from '../core/result.ts'
import { exitCode as exitCodeFor } from './exit-codes.ts'
import { tunnelproof } from './testing/run-command.ts'

const BAD_USAGE = exitCodeFor('badUsage')
let cwd: string
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tunnelproof-cli-'))
})
afterAll(() => rmSync(cwd, { recursive: true }))
const resultIn = (folder: string) =>
  runResultSchema.parse(JSON.parse(readFileSync(join(cwd, folder, 'result.json'), 'utf8')))

describe('run', () => {
  it('ends with 0 when all held, and leaves results, histories and reports', async () => {
    const { exitCode, out, err } = await tunnelproof(
      cwd,
      'run',
      'tunnel',
      'keep-race',
      '--world',
      'sim',
      '--out',
      'passes',
    )
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
    expect(out).toMatch(/ {2}tunnel +pass/)
    expect(out).toContain('2 passed')
    expect(out).toContain('Report: passes/report.html')
    const run = resultIn('passes')
    expect(run.verdict).toBe('pass')
    expect(run.results.map(({ scenario, world, verdict }) => [scenario, world, verdict])).toEqual([
      ['tunnel', 'sim', 'pass'],
      ['keep-race', 'sim', 'pass'],
    ])
    for (const { history: path, hash, events } of run.results) {
      const history = History.parse(readFileSync(join(cwd, 'passes', path), 'utf8'), path)
      expect([history.hash(), history.all.length]).toEqual([hash, events])
    }
    expect(readdirSync(join(cwd, 'passes'))).toEqual(
      expect.arrayContaining(['histories', 'junit.xml', 'report.html', 'result.json']),
    )
  })

  it('ends with 1 and tells what was lost when something was', async () => {
    const { exitCode, out } = await tunnelproof(
      cwd,
      'run',
      'tunnel',
      '--client',
      'interview/naive',
      '--world',
      'sim',
      '--out',
      'fails',
    )
    expect(exitCode).toBe(1)
    expect(out).toContain("ana's message 'In the tunnel now' (ana-2) is lost")
    expect(out).toContain('npx tunnelproof replay fails tunnel --world sim')
  })

  it('ends with 2 when nothing could be played, and says why', async () => {
    const { exitCode, out } = await tunnelproof(
      cwd,
      'run',
      'clean',
      '--client',
      'interview/naive',
      '--world',
      'sim',
      '--out',
      'skips',
    )
    expect(exitCode).toBe(2)
    expect(out).toContain('interview/naive cannot')
  })

  it('prints and writes only the reports that were asked for, and always what a replay needs', async () => {
    const { out } = await tunnelproof(
      cwd,
      'run',
      'tunnel',
      '--world',
      'sim',
      '--reporter',
      'junit',
      '--out',
      'junit-only',
    )
    expect(out).not.toContain('verdict')
    expect(readdirSync(join(cwd, 'junit-only')).sort()).toEqual([
      'histories',
      'junit.xml',
      'result.json',
    ])
  })

  it('writes below tunnelproof-report by default, with a link to the latest', async () => {
    await tunnelproof(cwd, 'run', 'tunnel', '--world', 'sim')
    const first = readlinkSync(join(cwd, 'tunnelproof-report/latest'))
    await tunnelproof(cwd, 'run', 'keep-race', '--world', 'sim')
    const second = readlinkSync(join(cwd, 'tunnelproof-report/latest'))
    expect(second).not.toBe(first)
    expect(resultIn('tunnelproof-report/latest').results[0]?.scenario).toBe('keep-race')
    expect(resultIn(`tunnelproof-report/${first}`).results[0]?.scenario).toBe('tunnel')
  })

  it('gives the seed its say, and the same seed the same history', async () => {
    const hashes: string[] = []
    for (const [i, seed] of ['1', '1', '2'].entries()) {
      await tunnelproof(cwd, 'run', 'flaky', '--world', 'sim', '--seed', seed, '--out', `seed-${i}`)
      hashes.push(resultIn(`seed-${i}`).results[0]?.hash ?? '')
    }
    expect(hashes[0]).toBe(hashes[1])
    expect(hashes[0]).not.toBe(hashes[2])
  })
})

describe('replay', () => {
  it('plays again what failed, to the same history', async () => {
    await tunnelproof(
      cwd,
      'run',
      'tunnel',
      'lost-ack',
      '--client',
      'interview/naive',
      '--world',
      'sim',
      '--seed',
      '7',
      '--out',
      'recorded',
    )
    const { exitCode, out } = await tunnelproof(
      cwd,
      'replay',
      'recorded',
      'tunnel',
      '--out',
      'again',
    )
    expect(exitCode).toBe(1)
    expect(out).toMatch(
      /replay of tunnel \(sim\): fail, as recorded; the same history, byte for byte/,
    )
    expect(
      resultIn('again').results.map(({ scenario, seed, client }) => [scenario, seed, client]),
    ).toEqual([['tunnel', 7, 'interview/naive']])
  })

  it('says when another history came of it', async () => {
    await tunnelproof(cwd, 'run', 'tunnel', '--world', 'sim', '--out', 'changed')
    const file = join(cwd, 'changed/result.json')
    const run = resultIn('changed')
    writeFileSync(
      file,
      JSON.stringify({
        ...run,
        results: run.results.map((result) => ({ ...result, hash: '0'.repeat(64) })),
      }),
    )
    const { exitCode, out } = await tunnelproof(
      cwd,
      'replay',
      'changed',
      'tunnel',
      '--out',
      'changed-again',
    )
    expect(exitCode).toBe(0)
    expect(out).toContain('another history')
  })

  it('has nothing to do after a run that passed, unless told what to play', async () => {
    await tunnelproof(cwd, 'run', 'tunnel', '--world', 'sim', '--out', 'good')
    expect(await tunnelproof(cwd, 'replay', 'good')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('nothing to replay'),
    })
    expect(await tunnelproof(cwd, 'replay', 'good', 'tunel')).toMatchObject({
      exitCode: BAD_USAGE,
      err: expect.stringContaining("did you mean 'tunnel'"),
    })
    expect(await tunnelproof(cwd, 'replay', 'good', '--world', 'wire')).toMatchObject({
      exitCode: BAD_USAGE,
      err: expect.stringContaining('only of: sim'),
    })
  })
})

it('list names scenarios, clients, servers, invariants, toxics and reporters', async () => {
  const { exitCode, out } = await tunnelproof(cwd, 'list')
  expect(exitCode).toBe(0)
  for (const word of ['keep-race', 'interview/worker', 'dedup', 'NO-LOSS', 'limit_data', 'junit'])
    expect(out).toContain(`  ${word} `)
})

describe('bad input is one clear line on stderr, exit code 2, and leaves nothing behind', () => {
  it.each([
    [['run', 'tunel'], /unknown scenario 'tunel' \(did you mean 'tunnel'\?\)/],
    [
      ['run', '--client', 'interview/nave'],
      /unknown client 'interview\/nave' \(did you mean 'interview\/naive'\?\)/,
    ],
    [['run', '--server', 'x'], /unknown server 'x': expected one of dedup, naive/],
    [['run', '--reporter', 'terminal,xml'], /unknown reporter 'xml'/],
    [['run', '--world', 'moon'], /--world expects sim, wire or both, got 'moon'/],
    [['run', '--time-scale', 'fast'], /--time-scale expects a number from 1 to 1000.*got 'fast'/],
    [['run', '--seed', '1.5'], /--seed expects a whole number .*got '1.5'/],
    [
      ['run', '--toxiproxy', 'remote'],
      /--toxiproxy expects auto, embedded, binary, docker or a URL/,
    ],
    [['run', '--toxiproxy', 'http://127.0.0.1:9', '--world', 'wire'], /127\.0\.0\.1:9/],
    [
      ['run', '--out', '/dev/null/x', '--world', 'sim'],
      /--out \/dev\/null\/x cannot be written to/,
    ],
    [['run', '--frobnicate'], /unknown option '--frobnicate'/],
    [['runn'], /unknown command 'runn'/],
    [['replay'], /missing required argument 'run-folder'/],
    [['replay', 'nowhere'], /expected a run's folder with a result.json in it/],
    [['toxiproxy', '--port', '70000'], /--port expects a whole number from 0 to 65535/],
  ])('%j', async (argv, says) => {
    const before = readdirSync(cwd)
    const { exitCode, out, err } = await tunnelproof(cwd, ...argv)
    expect(err).toMatch(says)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
    expect({ exitCode, out, left: readdirSync(cwd) }).toEqual({
      exitCode: BAD_USAGE,
      out: '',
      left: before,
    })
  })

  it('a port that is taken', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { exitCode, err } = await tunnelproof(cwd, 'toxiproxy', '--port', String(port))
    await new Promise((resolve) => taken.close(resolve))
    expect({ exitCode, lines: err.trimEnd().split('\n').length }).toEqual({
      exitCode: BAD_USAGE,
      lines: 1,
    })
    expect(err).toContain(String(port))
  })

  it('a result.json that was cut short', async () => {
    mkdirSync(join(cwd, 'cut'))
    writeFileSync(join(cwd, 'cut', 'result.json'), '{"version":')
    const { exitCode, err } = await tunnelproof(cwd, 'replay', 'cut')
    expect({ exitCode, lines: err.trimEnd().split('\n').length }).toEqual({
      exitCode: BAD_USAGE,
      lines: 1,
    })
    expect(err).toContain('result.json is not JSON')
  })

  it('no arguments at all: help, and 2', async () => {
    expect(await tunnelproof(cwd)).toMatchObject({
      exitCode: BAD_USAGE,
      out: expect.stringContaining('Examples:'),
    })
  })
})
