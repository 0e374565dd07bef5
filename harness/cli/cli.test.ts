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
  it('run exits with 0 if everything held, and writes results, histories and reports', async () => {
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
    expect(run.results).toMatchObject([
      { scenario: 'tunnel', world: 'sim', verdict: 'pass' },
      { scenario: 'keep-race', world: 'sim', verdict: 'pass' },
    ])
    expect(run.results).toHaveLength(2)
    for (const { history: path, hash, events } of run.results) {
      const history = History.parse(readFileSync(join(cwd, 'passes', path), 'utf8'), path)
      expect(history.hash()).toBe(hash)
      expect(history.all).toHaveLength(events)
    }
    expect(readdirSync(join(cwd, 'passes'))).toEqual(
      expect.arrayContaining(['histories', 'junit.xml', 'report.html', 'result.json']),
    )
  })

  it('run exits with 1 if a message was lost, and names the message', async () => {
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

  it('run exits with 2 if nothing could be played, and prints the reason', async () => {
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

  it('run writes only the requested reports, and always what a replay needs', async () => {
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

  it('run writes below tunnelproof-report by default, with a link to the latest', async () => {
    await tunnelproof(cwd, 'run', 'tunnel', '--world', 'sim')
    const first = readlinkSync(join(cwd, 'tunnelproof-report/latest'))
    await tunnelproof(cwd, 'run', 'keep-race', '--world', 'sim')
    const second = readlinkSync(join(cwd, 'tunnelproof-report/latest'))
    expect(second).not.toBe(first)
    expect(resultIn('tunnelproof-report/latest').results[0]?.scenario).toBe('keep-race')
    expect(resultIn(`tunnelproof-report/${first}`).results[0]?.scenario).toBe('tunnel')
  })

  it('run --trace prints only the channels that are on, on stderr', async () => {
    const argv = ['run', 'tunnel', '--world', 'sim', '--trace', 'db,http', '--out', 'traced']
    const { exitCode, err } = await tunnelproof(cwd, ...argv)
    expect(exitCode).toBe(0)
    const lines = err.trimEnd().split('\n')
    const line = /^ *\d+\.\d{3} s {2}(ana|ben|server) +(http|db) +\S/
    expect(lines.filter((text) => !line.test(text))).toEqual([])
    expect(lines.some((text) => / ana +http +\S/.test(text))).toBe(true)
    expect(lines.some((text) => / ana +db +\S/.test(text))).toBe(true)
  })

  it('run --trace changes nothing in the history', async () => {
    const argv = ['run', 'flaky', '--world', 'sim', '--out']
    await tunnelproof(cwd, ...argv, 'untraced')
    await tunnelproof(cwd, ...argv, 'fully-traced', '--trace', 'link,http,db,timers')
    expect(resultIn('fully-traced').results[0]?.hash).toBe(resultIn('untraced').results[0]?.hash)
  })

  it('equal seeds give equal histories, another seed gives another history', async () => {
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
  it('replay plays the failed scenario again, with the same history', async () => {
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
    const { results } = resultIn('again')
    expect(results).toHaveLength(1)
    expect(results[0]).toMatchObject({ scenario: 'tunnel', seed: 7, client: 'interview/naive' })
  })

  it('replay reports a history that differs from the recorded one', async () => {
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
    expect(out).toContain('a different history')
  })

  it('replay after a run that passed plays nothing unless a scenario is named', async () => {
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

it('list shows every kind of plug-in', async () => {
  const { exitCode, out } = await tunnelproof(cwd, 'list')
  expect(exitCode).toBe(0)
  for (const word of ['keep-race', 'interview/worker', 'dedup', 'NO-LOSS', 'limit_data', 'junit'])
    expect(out).toContain(`  ${word} `)
})

it('list shows faults with caption and effects, and effects with their caption', async () => {
  const { out } = await tunnelproof(cwd, 'list')
  expect(out).toMatch(/^Faults\n(?: .*\n)* {2}tunnel +ana is in a tunnel \(offline, link-down\)$/m)
  expect(out).toMatch(/^Effects\n(?: .*\n)* {2}link-down +ana's link is down$/m)
})

describe('bad input', () => {
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
      /--out expects a folder that can be written to, got \/dev\/null\/x \(.*\); give another one/,
    ],
    [
      ['run', '--trace', 'htpp'],
      /--trace expects .* link, http, db, timers, .*; got 'htpp' \(did you mean 'http'\?\)/,
    ],
    [['run', '--trace', ''], /--trace expects one or more of .*; got ''/],
    [['run', '--frobnicate'], /unknown option '--frobnicate'/],
    [['runn'], /unknown command 'runn'/],
    [['replay'], /missing required argument 'run-folder'/],
    [['replay', 'nowhere'], /expected a run's folder with a result.json in it/],
    [['toxiproxy', '--port', '70000'], /--port expects a whole number from 0 to 65535/],
  ])('bad input prints one line on stderr and writes no file: %j', async (argv, expected) => {
    const before = readdirSync(cwd)
    const { exitCode, out, err } = await tunnelproof(cwd, ...argv)
    expect(err).toMatch(expected)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
    expect({ exitCode, out, left: readdirSync(cwd) }).toEqual({
      exitCode: BAD_USAGE,
      out: '',
      left: before,
    })
  })

  it('toxiproxy on a port that is in use exits with one line that names the port', async () => {
    const occupant = createServer()
    await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve))
    const address = occupant.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { exitCode, err } = await tunnelproof(cwd, 'toxiproxy', '--port', String(port))
    await new Promise((resolve) => occupant.close(resolve))
    expect({ exitCode, lines: err.trimEnd().split('\n').length }).toEqual({
      exitCode: BAD_USAGE,
      lines: 1,
    })
    expect(err).toContain(String(port))
  })

  it('replay of a truncated result.json exits with one line', async () => {
    mkdirSync(join(cwd, 'cut'))
    writeFileSync(join(cwd, 'cut', 'result.json'), '{"version":')
    const { exitCode, err } = await tunnelproof(cwd, 'replay', 'cut')
    expect({ exitCode, lines: err.trimEnd().split('\n').length }).toEqual({
      exitCode: BAD_USAGE,
      lines: 1,
    })
    expect(err).toContain('result.json is not JSON')
  })

  it('without arguments it prints the help, with the exit code of bad usage', async () => {
    expect(await tunnelproof(cwd)).toMatchObject({
      exitCode: BAD_USAGE,
      out: expect.stringContaining('Examples:'),
    })
  })
})
