import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCode as exitCodeFor } from './exit-codes.ts'
import { tunnelproof } from './testing/run-command.ts'

const BAD_USAGE = exitCodeFor('badUsage')
let cwd: string
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tunnelproof-bad-'))
})
afterAll(() => rmSync(cwd, { recursive: true }))

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
    [
      ['run', '--server', './a.ts', '--world', 'sim', '--server', './b.ts'],
      /--server was given twice: '.\/a.ts' and '.\/b.ts'; give it once/,
    ],
    [
      ['run', '--client', 'plain', '--client', 'interview/naive', '--client', 'plain'],
      /--client plain was given twice: give each client once/,
    ],
    [['replay', 'x', '--seed', '1', '--seed', '2'], /--seed was given twice: '1' and '2'/],
    [['run', '--seed', '1', '--seeds', '1..2'], /--seed and --seeds were both given/],
    [['run', '--seeds', '5..1'], /--seeds expects A\.\.B .* such as 1\.\.50.*; got '5\.\.1'/],
    [['run', '--seeds', '1..9999'], /at most 1000 seeds .*; got '1\.\.9999'/],
    [['run', '--jobs', '0'], /--jobs expects a whole number from 1 to 64, got '0'/],
    [['run', '--timeout', 'soon'], /--timeout expects a whole number .*got 'soon'/],
    [['run', '--undecided', 'ignore'], /--undecided expects fail or warn, got 'ignore'/],
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
