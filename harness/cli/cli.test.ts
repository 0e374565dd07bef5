import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { History } from '../core/history.ts'
import { runResultSchema } from '../core/result.ts'
import { exitCode as exitCodeFor } from './exit-codes.ts'
import { clientFile } from './testing/client-file.ts'
import { tunnelproof } from './testing/run-command.ts'

const BAD_USAGE = exitCodeFor('badUsage')
let cwd: string
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tunnelproof-cli-'))
})
afterAll(() => rmSync(cwd, { recursive: true }))
/** Writes the scenario tunnel as JSON, from a history. Returns the file's name. */
async function scenarioFile(): Promise<string> {
  await tunnelproof(cwd, 'run', 'tunnel', '--world', 'sim', '--out', 'for-scenario')
  const [head = ''] = readFileSync(
    join(cwd, 'for-scenario/histories/sim/tunnel.jsonl'),
    'utf8',
  ).split('\n')
  writeFileSync(join(cwd, 'tunnel.json'), JSON.stringify(JSON.parse(head).scenario))
  return 'tunnel.json'
}
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

  it('run is undecided if nothing could be played, and prints the reason', async () => {
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

  it('run --undecided warn does not excuse that nothing was played', async () => {
    const argv = ['run', 'clean', '--client', 'interview/naive', '--world', 'sim', '--out', 'none']
    expect(await tunnelproof(cwd, ...argv, '--undecided', 'warn')).toMatchObject({
      exitCode: exitCodeFor('undecided'),
    })
  })

  it('run --undecided decides the exit code of an undecided run', async () => {
    const story = JSON.parse(readFileSync(join(cwd, await scenarioFile()), 'utf8'))
    const demanding = { ...story, name: 'demanding', exercised: { serverRestarts: 5 } }
    writeFileSync(join(cwd, 'demanding.json'), JSON.stringify(demanding))
    const argv = ['run', './demanding.json', '--world', 'sim', '--out', 'demanding', '--undecided']
    const [fails, warns] = [
      await tunnelproof(cwd, ...argv, 'fail'),
      await tunnelproof(cwd, ...argv, 'warn'),
    ]
    expect(fails.exitCode).toBe(exitCodeFor('undecided'))
    expect(warns.exitCode).toBe(exitCodeFor('held'))
    for (const { out } of [fails, warns]) expect(out).toContain('serverRestarts 0, needs 5')
  })

  it('run --seeds plays each scenario with each seed, and replays the right one', async () => {
    const argv = ['run', 'flaky', 'tunnel', '--client', 'interview/worker', '--world', 'sim']
    const { out } = await tunnelproof(cwd, ...argv, '--seeds', '3..4', '--out', 'seeds')
    const { results } = resultIn('seeds')
    expect(results.map(({ scenario, seed }) => `${scenario} ${seed}`)).toEqual(
      ['flaky', 'tunnel'].flatMap((name) => [`${name} 3`, `${name} 4`]),
    )
    expect(new Set(results.map(({ history }) => history)).size).toBe(4)
    expect(results[1]?.replay).toBe('npx tunnelproof replay seeds flaky --world sim --seed 4')
    expect(out).toMatch(/ {2}flaky \(seed 4\) /)
    const again = ['replay', 'seeds', 'flaky', '--seed', '4', '--out', 'seeds-again']
    const replayed = await tunnelproof(cwd, ...again)
    expect(resultIn('seeds-again').results).toMatchObject([{ seed: 4, hash: results[1]?.hash }])
    expect(replayed.out).toContain('the same history, byte for byte')
  })

  it('run --jobs changes neither the order of the results nor a history', async () => {
    const argv = ['run', 'partition-*', '--world', 'sim', '--jobs']
    const results = []
    for (const jobs of ['1', '3']) {
      await tunnelproof(cwd, ...argv, jobs, '--out', `jobs-${jobs}`)
      results.push(resultIn(`jobs-${jobs}`).results.map(({ hash }) => hash))
    }
    expect(results[0]?.length).toBeGreaterThan(1)
    expect(results[0]).toEqual(results[1])
  })

  it('run replaces an earlier run in its folder, and leaves other files', async () => {
    const argv = ['--client', 'interview/naive', '--world', 'sim', '--out', 'used']
    await tunnelproof(cwd, 'run', 'tunnel', ...argv, '--reporter', 'junit')
    writeFileSync(join(cwd, 'used/mine.txt'), 'keep')
    const { exitCode } = await tunnelproof(cwd, 'run', 'long-tunnel', ...argv, '--reporter', 'json')
    expect(exitCode).toBe(exitCodeFor('breached'))
    expect(readdirSync(join(cwd, 'used')).sort()).toEqual(['histories', 'mine.txt', 'result.json'])
    expect(readdirSync(join(cwd, 'used/histories/sim'))).toEqual(['long-tunnel.jsonl'])
  })

  it('run refuses a folder that holds something else, and leaves it unchanged', async () => {
    mkdirSync(join(cwd, 'strange'))
    writeFileSync(join(cwd, 'strange/report.html'), 'keep')
    const argv = ['run', 'tunnel', '--world', 'sim', '--out', 'strange']
    const { exitCode, err } = await tunnelproof(cwd, ...argv)
    expect({ exitCode, lines: err.trimEnd().split('\n').length }).toEqual({
      exitCode: BAD_USAGE,
      lines: 1,
    })
    expect(err).toContain("holds 'report.html'")
    expect(readFileSync(join(cwd, 'strange/report.html'), 'utf8')).toBe('keep')
    expect(readdirSync(join(cwd, 'strange'))).toEqual(['report.html'])
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

  it('run names the file and line that threw, in both worlds', async () => {
    mkdirSync(join(cwd, 'app/net'), { recursive: true })
    writeFileSync(
      join(cwd, 'app/net/push.ts'),
      'export const push = (): void => {\n  throw new TypeError("boom")\n}\n',
    )
    writeFileSync(join(cwd, 'app/package.json'), '{ "type": "module" }')
    const client = clientFile(join(cwd, 'app'), 'falls', 'push()')
    const file = join(cwd, 'app', client)
    writeFileSync(file, `import { push } from './net/push.ts'\n${readFileSync(file, 'utf8')}`)
    const argv = ['run', 'tunnel', '--client', file, '--toxiproxy', 'embedded', '--out', 'falls']
    const { exitCode, out } = await tunnelproof(cwd, ...argv)
    expect(exitCode, out).toBe(exitCodeFor('breached'))
    const frames = resultIn('falls').results.map(({ world, history }) => [
      world,
      History.parse(readFileSync(join(cwd, 'falls', history), 'utf8'), history)
        .of('crash')
        .map(({ frame }) => frame),
    ])
    expect(frames).toEqual([
      ['sim', ['net/push.ts:2:9']],
      ['wire', ['net/push.ts:2:9']],
    ])
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

it('list shows faults with caption and effects, effects with caption and parameters', async () => {
  const { out } = await tunnelproof(cwd, 'list')
  expect(out).toMatch(/^Faults\n(?: .*\n)* {2}tunnel +ana is in a tunnel \(offline, link-down\)$/m)
  expect(out).toMatch(/^Effects\n(?: .*\n)* {2}link-down +ana's link is down \(device\)$/m)
  expect(out).toMatch(
    /^ {2}http-delay +ana's responses take 4 s longer \(device\?, .*moment\?, ms\)$/m,
  )
})
