import { EventEmitter } from 'node:events'
import { resolve } from 'node:path'
import { Readable, Writable } from 'node:stream'
import type { Clock } from '../../../core/ports/clock.ts'
import type { Life } from '../life.ts'

/** The id that every process seems to have. */
const PID = 4711
/** In bytes: the same in every run. */
const MEMORY = { rss: 64e6, heapTotal: 32e6, heapUsed: 16e6, external: 1e6, arrayBuffers: 1e5 }
const NS_PER_MS = 1_000_000n

export interface ProcessPlace {
  readonly clock: Clock
  readonly life: Life
  /** The variables besides those of this process. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** The server's file. */
  readonly main: string
  /** True if this process is the server's alone, on the wire: its folder is changed, too. */
  readonly isOwnProcess: boolean
}

/** The server ended its process. Thrown to leave its code, too: the incarnation is over. */
class Exit extends Error {
  override readonly name = 'Exit'

  constructor(code: unknown) {
    super(`the server called process.exit(${code})`)
  }
}

/**
 * Returns the `process` of one incarnation. What it shares with this process is only read; it has
 * listeners, variables, a folder and an end of its own.
 */
export function hostedProcess(place: ProcessPlace): NodeJS.Process {
  const { clock, life, env, cwd, main, isOwnProcess } = place
  const bornAt = clock.now()
  const hosted = Object.create(process) as NodeJS.Process & EventEmitter
  EventEmitter.call(hosted as never)
  let folder = cwd
  const chdir = (to: string) => {
    folder = resolve(folder, to)
    if (isOwnProcess) process.chdir(folder)
  }
  if (isOwnProcess) chdir(cwd)

  const exit = (code: unknown = hosted.exitCode ?? 0): never => {
    const end = new Exit(code)
    if (!life.isOver) hosted.emit('exit', code)
    life.end(end)
    throw end
  }
  const kill = (pid: number, signal: string | number = 'SIGTERM'): true => {
    if (pid !== PID) {
      const error = new Error('kill ESRCH')
      throw Object.assign(error, { code: 'ESRCH', errno: -3, syscall: 'kill' })
    }
    if (signal === 0 || (typeof signal === 'string' && hosted.emit(signal, signal))) return true
    return exit(signal)
  }
  const nanoseconds = () => BigInt(Math.round(clock.now() * 1e6))
  const hrtime = (since?: readonly [number, number]): [number, number] => {
    const before = since ? BigInt(since[0]) * 1_000_000_000n + BigInt(since[1]) : 0n
    const span = nanoseconds() - before
    return [Number(span / 1_000_000_000n), Number(span % 1_000_000_000n)]
  }
  const members = {
    argv: [process.execPath, main],
    execArgv: [],
    env: { ...process.env, ...env },
    pid: PID,
    ppid: 1,
    title: 'node',
    exitCode: undefined,
    cwd: () => folder,
    chdir,
    exit,
    reallyExit: exit,
    abort: () => exit('SIGABRT'),
    kill,
    uptime: () => (clock.now() - bornAt) / 1000,
    hrtime: Object.assign(hrtime, { bigint: nanoseconds }),
    memoryUsage: Object.assign(() => ({ ...MEMORY }), { rss: () => MEMORY.rss }),
    cpuUsage: () => ({
      user: Number(BigInt(Math.round(clock.now())) * NS_PER_MS) / 1e6,
      system: 0,
    }),
    nextTick: (task: (...args: unknown[]) => void, ...args: unknown[]) =>
      process.nextTick(() => life.run(() => task(...args))),
    stdin: Readable.from([]),
    stdout: printer((text) => console.log(text), 1),
    stderr: printer((text) => console.error(text), 2),
    send: undefined,
    connected: false,
    channel: undefined,
    emitWarning: (warning: unknown) => console.warn(String(warning)),
  }
  life.onUncaught = (error, origin) => {
    const isRejection = origin === 'unhandledRejection'
    if (isRejection && hosted.emit('unhandledRejection', error, Promise.resolve())) return true
    hosted.emit('uncaughtExceptionMonitor', error as Error, origin)
    return hosted.emit('uncaughtException', error as Error, origin)
  }
  for (const [name, value] of Object.entries(members))
    Object.defineProperty(hosted, name, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    })
  return hosted
}

/** A stream that prints whole lines. */
function printer(print: (line: string) => void, fd: number): Writable {
  let rest = ''
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: Buffer | string, _encoding, done) {
      const lines = `${rest}${chunk}`.split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) print(line)
      done()
    },
  })
  return Object.assign(stream, { fd, isTTY: false })
}
