import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import Sqlite from 'libsql'
import { afterAll, describe, expect, it } from 'vitest'
import { sqliteDatabase } from './ports/database.ts'
import { nodeCommand } from './process/launch.ts'
import { lineReader } from './process/lines.ts'
import { ProtocolProcess } from './process/protocol-process.ts'
import type { Warden } from './process/warden.ts'

const folder = mkdtempSync(join(tmpdir(), 'tunnelproof-test-'))
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Runs a script of testing/ and calls `onLine` with each line that it prints. */
function run(
  script: string,
  args: string[],
  onLine: (line: string, child: ChildProcess) => void,
): ChildProcess {
  const [program, ...rest] = nodeCommand(
    new URL(`./testing/${script}`, import.meta.url).href,
    [],
  ) as [string, ...string[]]
  const child = spawn(program, [...rest, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  child.stdout?.setEncoding('utf8').on(
    'data',
    lineReader((line) => onLine(line, child)),
  )
  return child
}

describe('SIGKILL and SIGTERM', () => {
  it('loses no acknowledged row and corrupts no file when a writer is killed', async () => {
    const file = join(folder, 'killed.db')
    let acknowledged = 0
    for (const rows of [1, 7, 23, 40]) {
      const last = acknowledged + rows
      const writer = run('writer.ts', [file], (line, child) => {
        acknowledged = Number(line)
        if (acknowledged >= last) child.kill('SIGKILL')
      })
      await once(writer, 'close')
      const database = sqliteDatabase(file)({
        rows: { key: 'id', indexes: { byParity: ['parity'] } },
      })
      const ids = database
        .read((tables) => tables.table<{ id: number }>('rows').all())
        .map(({ id }) => id)
      expect(ids).toEqual(ids.map((_, i) => i + 1))
      expect(ids.length).toBeGreaterThanOrEqual(acknowledged)
      const odd = database.read((tables) => tables.table('rows').by('byParity', { prefix: 1 }))
      expect(odd).toHaveLength(Math.ceil(ids.length / 2))
      expect(new Sqlite(file).prepare('PRAGMA integrity_check').all()).toEqual([
        { integrity_check: 'ok' },
      ])
    }
  })

  it('counts a process as dead from its SIGKILL on, before it has been seen to exit', async () => {
    const warden = { tell() {} } as unknown as Warden
    const idle = ['-e', 'setInterval(() => {}, 1000)']
    const child = new ProtocolProcess([process.execPath, ...idle], warden)
    expect(child.alive).toBe(true)
    const exit = child.kill()
    expect(child.alive).toBe(false)
    expect(await exit).toMatchObject({ message: 'SIGKILL' })
  })

  it.each([
    ['SIGKILL', 'the warden cleans up'],
    ['SIGTERM', 'the harness cleans up itself'],
  ] as const)(
    'leaves no process and no folder when the harness gets %s: %s',
    async (signal, _how) => {
      const home = mkdtempSync(join(folder, 'harness-'))
      let playing = () => {}
      const up = new Promise<void>((resolve) => {
        playing = resolve
      })
      const harness = run('harness.ts', [home], playing)
      await up
      const started = childrenOf(harness.pid as number)
      // The warden; server, ana and ben; the spares of the server and ana.
      expect(started.length).toBeGreaterThanOrEqual(6)
      // The stage's folder, and that of the compiled code.
      expect(readdirSync(home)).toHaveLength(2)
      harness.kill(signal)
      await once(harness, 'close')
      await until(() => started.every((pid) => !isAlive(pid)))
      await until(() => readdirSync(home).length === 0)
    },
  )

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'leaves no process of a server that is a program, nor of its children, after %s',
    async (signal) => {
      const home = mkdtempSync(join(folder, 'harness-'))
      let playing = () => {}
      const up = new Promise<void>((resolve) => {
        playing = resolve
      })
      const listen = "require('net').createServer().listen(process.env.PORT)"
      const command = `"${process.execPath}" -e "${listen}"; true`
      const harness = run('harness.ts', [home, command], playing)
      await up
      const started = childrenOf(harness.pid as number)
      const shell = started.find((pid) => ps('-o', 'comm=', '-p', String(pid)).trim() === 'sh')
      const program = childrenOf(shell as number)
      expect(program).toHaveLength(1)
      harness.kill(signal)
      await once(harness, 'close')
      await until(() => [...started, ...program].every((pid) => !isAlive(pid)))
      await until(() => readdirSync(home).length === 0)
    },
  )
})

const ps = (...args: string[]) => {
  try {
    return execFileSync('ps', args, { encoding: 'utf8' })
  } catch {
    return ''
  }
}

const childrenOf = (parent: number) =>
  ps('-A', '-o', 'pid=,ppid=,comm=')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, ppid, command]) => Number(ppid) === parent && command !== 'ps')
    .map(([pid]) => Number(pid))

/** A zombie counts as dead: it only waits to be reaped. */
const isAlive = (pid: number) => !/^(Z|$)/.test(ps('-o', 'stat=', '-p', String(pid)).trim())

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}
