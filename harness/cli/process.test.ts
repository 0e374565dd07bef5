/**
 * Runs the command in a process of its own: signals, closed pipes, and clients that do not return.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { Readable } from 'node:stream'
import { afterAll, describe, expect, it } from 'vitest'
import { exitCode } from './exit-codes.ts'
import { clientFile } from './testing/client-file.ts'
import { BIN } from './testing/kill-run.ts'

const cwd = mkdtempSync(join(tmpdir(), 'tunnelproof-process-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

function start(...argv: string[]) {
  const child = spawn(process.execPath, [BIN, ...argv], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.err += text
  })
  return { child, output, exited: exitOf(child) }
}

const exitOf = async (child: ChildProcess) => (await once(child, 'close'))[0] as number | null

/** Resolves when the text was printed on a stream, or the command has ended. */
async function printed({ child, output, exited }: ReturnType<typeof start>, text: string) {
  const data = (stream: Readable) => once(stream, 'data').catch(() => {})
  while (!`${output.out}${output.err}`.includes(text) && child.exitCode === null)
    await Promise.race([data(child.stdout), data(child.stderr), exited])
}

const log = (path: string) => readFileSync(join(cwd, path), 'utf8')

// They wait more than they work.
describe.concurrent('process', () => {
  it.each([
    ['loop', 'for (;;) {}', /perform\(ana-2\)/],
    ['microtasks', 'const more = (): unknown => Promise.resolve().then(more); more()', /ana-2/],
    ['after-zero', 'const again = () => { clock.after(0, again) }; again()', /a timer/],
  ])(
    'a client that does not return (%s) is a breach, and the other scenarios are played',
    async (name, code, expected) => {
      const argv = ['run', 'tunnel', 'lost-ack', '--world', 'sim', '--out', name]
      const { output, exited } = start(...argv, '--client', clientFile(cwd, name, code))
      expect(await exited, output.out + output.err).toBe(exitCode('breached'))
      const [, finding = ''] = /NO-FREEZE(.*?)replay/s.exec(output.out) ?? []
      expect(finding).toMatch(expected)
      expect(output.out).toMatch(/ {2}lost-ack +(pass|fail|unknown)/)
    },
  )

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s while a client spins ends the command, with the results up to then',
    async (signal) => {
      const code = 'clock.after(1, () => {}); for (;;) {}'
      const spins = clientFile(cwd, `spins-${signal}`, code)
      const argv = ['run', 'first-message', 'tunnel', '--jobs', '1', '--world', 'sim']
      const command = start(...argv, '--client', spins, '--out', signal, '--trace', 'timers')
      await printed(command, ' timers ')
      command.child.kill(signal)
      expect(await command.exited).toBe(exitCode(signal))
      const { results, skipped } = JSON.parse(log(`${signal}/result.json`))
      expect(results).toMatchObject([{ scenario: 'first-message' }])
      expect(skipped).toMatchObject([
        { scenario: 'tunnel', why: 'interrupted before it was judged' },
      ])
    },
  )

  it('a client that leaves timers behind does not keep the command from ending', async () => {
    const stray = clientFile(cwd, 'stray', 'setInterval(() => {}, 1000)')
    const { exited, output } = start('run', 'tunnel', '--world', 'sim', '--client', stray)
    expect(await exited, output.err).not.toBeNull()
    expect(output.out).toContain('Report: ')
  })

  it('a closed pipe ends the command quietly, as other programs end', async () => {
    const command = start('run', '--world', 'sim', '--jobs', '1', '--out', 'piped')
    await printed(command, 'sim: ')
    command.child.stdout.destroy()
    expect(await command.exited).toBe(exitCode('SIGPIPE'))
    expect(command.output.err).toBe('')
    expect(existsSync(join(cwd, 'piped/result.json'))).toBe(true)
  })

  it('the signal SIGPIPE is ignored: a write to a process that died raises it', async () => {
    const argv = ['run', 'tunnel', '--world', 'sim', '--out', 'ignores', '--trace', 'timers']
    const command = start(...argv)
    await printed(command, ' timers ')
    command.child.kill('SIGPIPE')
    expect(await command.exited).toBe(exitCode('held'))
    expect(command.output.out).toContain('1 passed')
  })

  it('the output of a client goes to logs in the run folder, not to the report', async () => {
    const code = "console.log('from the console'); process.stdout.write('from the stream\\n')"
    const argv = ['run', 'tunnel', '--world', 'sim', '--out', 'logged']
    const { exited, output } = start(...argv, '--client', clientFile(cwd, 'prints', code))
    await exited
    expect(output.out).not.toContain('from the')
    expect(output.err).toBe('')
    expect(log('logged/logs/sim/tunnel/ana.1.log')).toBe('  35.000 s  from the console\n')
  })

  it.each([
    ['syntax', 'export default {{', /syntax\.ts:1:16: Expected identifier but found "\{"/],
    [
      'throws',
      'const x: any = 0\nexport default x.y.z',
      /throws\.ts:2:\d+: Cannot read properties/,
    ],
  ])(
    'a client that cannot be loaded (%s) is bad usage, reported in one line',
    async (name, text, line) => {
      writeFileSync(join(cwd, `${name}.ts`), text)
      const { exited, output } = start('run', '--client', `./${name}.ts`, '--out', `bad-${name}`)
      expect(await exited).toBe(exitCode('badUsage'))
      expect(output.err).toMatch(line)
      expect(output.err.trimEnd().split('\n')).toHaveLength(1)
      expect(existsSync(join(cwd, `bad-${name}`))).toBe(false)
    },
  )
})
