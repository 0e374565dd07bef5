import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const BIN = fileURLToPath(new URL('../tunnelproof.js', import.meta.url))

/** Read when this is loaded: a test may set a longer one, in which no browser's socket has room. */
const PARENT = tmpdir()

export interface KillOptions {
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'
  /**
   * The process that receives the signal. After a device or the server was killed, the run
   * continues to its end. Default: the harness.
   */
  readonly victim?: 'harness' | 'device' | 'server'
  /**
   * - opening: the wire world has begun to start its processes
   * - playing: the devices and the server of the first scenario have opened their databases
   * - a number: real milliseconds after `opening`, for campaigns that try random moments
   */
  readonly moment: 'opening' | 'playing' | number
  readonly toxiproxy: string
  /** Default: the reference. A program can only be used while the harness is the victim. */
  readonly client?: string | undefined
  /** Default: the reference's. */
  readonly server?: string | undefined
}

export interface Leftovers {
  /** The number of processes when the signal was sent. */
  readonly during: number
  /** Null after SIGKILL of the harness. */
  readonly exitCode: number | null
  readonly processes: readonly string[]
  readonly files: readonly string[]
  readonly resultWritten: boolean
  /** The output of the command, on stdout and stderr. */
  readonly output: string
}

/**
 * Runs the command on the wire in a process group of its own and sends a signal while it runs: to
 * the whole group, as a terminal does, but SIGKILL to the harness alone. Returns the processes and
 * files that are left after the command has exited and has had 10 s to clean up. Needs /proc.
 */
export async function killRun({
  signal,
  victim = 'harness',
  moment,
  toxiproxy,
  client = 'reference',
  server,
}: KillOptions): Promise<Leftovers> {
  const home = mkdtempSync(join(PARENT, 'kill-run-'))
  const temp = join(home, 'tmp')
  mkdirSync(temp)
  const mark = `TUNNELPROOF_TEST_MARK=${randomUUID()}`
  const [key = '', value] = mark.split('=')
  const argv = [
    BIN,
    'run',
    'tunnel',
    ...(victim === 'harness' ? ['tunnel-app-killed', 'server-crash-mid-push'] : []),
    '--world',
    'wire',
    '--toxiproxy',
    toxiproxy,
    '--client',
    client,
    ...(server === undefined ? [] : ['--server', server]),
    '--out',
    join(home, 'out'),
  ]
  // Without its cache, tsx keeps nothing in the temporary folder that the harness must clean up.
  const env = { ...process.env, [key]: value, TMPDIR: temp, TSX_DISABLE_CACHE: '1' }
  const child = spawn(process.execPath, argv, {
    detached: true,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const opening = new Promise<void>((resolve) => {
    const listen = (chunk: Buffer) => {
      output += chunk
      if (output.includes('wire: ')) resolve()
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
  })
  const exited = once(child, 'exit')
  const isRunning = () => child.exitCode === null && child.signalCode === null
  const reached = async () => {
    await opening
    if (typeof moment === 'number') await delay(moment)
    if (moment !== 'playing') return
    while (isRunning() && stagesIn(temp).length === 0) await delay(20)
  }
  await Promise.race([reached(), exited])
  const running = leftovers(mark, temp).processes
  const during = running.length
  const toGroup = victim === 'harness' && signal !== 'SIGKILL'
  const strike = (processes: readonly string[]) => {
    const [pid] = victim === 'harness' ? [child.pid as number] : pidsOf(victim, processes)
    if (pid !== undefined && isRunning()) process.kill(toGroup ? -pid : pid, signal)
  }
  const struck = new Set(stagesIn(temp))
  strike(running)
  // A run that fails on a strained machine is played again: the victim is killed there too.
  while (victim !== 'harness' && moment === 'playing' && isRunning()) {
    await Promise.race([delay(20), exited])
    for (const stage of stagesIn(temp).filter((stage) => !struck.has(stage))) {
      struck.add(stage)
      strike(leftovers(mark, temp).processes)
    }
  }
  const [exitCode] = (await exited) as [number | null]
  let left = leftovers(mark, temp)
  for (let tries = 0; tries < 100 && left.processes.length + left.files.length > 0; tries++) {
    await delay(100)
    left = leftovers(mark, temp)
  }
  const resultWritten = existsSync(join(home, 'out/result.json'))
  rmSync(home, { recursive: true, force: true })
  return { during, exitCode, ...left, resultWritten, output }
}

/**
 * Returns the folders of the stages on which ana, ben and the server have opened their databases. A
 * process that dies from then on is recorded as a crash of the run.
 */
function stagesIn(temp: string): string[] {
  const files = ['ana/client.db', 'ben/client.db', 'server/server.db']
  return readdirSync(temp).filter((folder) =>
    files.every((file) => existsSync(join(temp, folder, file))),
  )
}

/** Returns the ids of the processes that host a device or the server. */
function pidsOf(victim: 'device' | 'server', processes: readonly string[]): number[] {
  return processes
    .filter((line) => line.includes(`/${victim}.`))
    .map((line) => Number(line.split(' ')[0]))
}

/** Returns every process that inherited the mark, and every file in the temporary folder. */
function leftovers(mark: string, temp: string): { processes: string[]; files: string[] } {
  const processes = readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark)) return []
        return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`]
      } catch {
        return []
      }
    })
  // Ignores the socket and the caches that tsx and Node leave.
  return {
    processes,
    files: readdirSync(temp).filter(
      (name) => !name.startsWith('tsx-') && name !== 'node-compile-cache',
    ),
  }
}
