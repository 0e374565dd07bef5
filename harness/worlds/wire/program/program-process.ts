import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import type { RunningProgram, ServerProgram } from '../../../core/server.ts'
import { crashCauseIn } from '../process/crash-cause.ts'
import { exitReason } from '../process/exit-reason.ts'
import { killTree } from '../process/kill-tree.ts'
import { lineReader } from '../process/lines.ts'
import type { Exit } from '../process/protocol-process.ts'
import type { Warden } from '../process/warden.ts'
import { within } from '../process/within.ts'
import { PORT_TIMEOUT_MS, PROGRAM_POLL_MS, PROGRAM_START_TIMEOUT_MS } from '../timeouts.ts'

const HOST = '127.0.0.1'
/** In characters: the end of the output in which the cause of a crash is searched. */
const TAIL_LENGTH = 20_000
/** The last lines that a failed start shows. */
const LAST_LINES = 5

export interface ProgramProcessOptions {
  readonly program: ServerProgram
  readonly port: number
  /** The folder for its data. */
  readonly folder: string
  readonly warden: Warden
  /** Receives each line of output. */
  onLine?(text: string, isError: boolean): void
}

/** A server that is a program: a process that knows nothing of us, and listens on a port. */
export class ProgramProcess {
  /** Resolves when the process has exited and its output has been read. Never rejects. */
  readonly exited: Promise<Exit>
  /** The facts that its dump needs. */
  readonly at: RunningProgram
  readonly #pid: number | undefined
  readonly #port: number
  #isOver = false
  #tail = ''

  private constructor({ program, port, folder, warden, onLine }: ProgramProcessOptions) {
    const variables = { PORT: String(port), HOST, DATA_DIR: folder }
    const [name, ...rest] = program.command.map((word) => expanded(word, variables))
    const child = spawn(name as string, rest, {
      // A process group of its own, as for every other process of the wire.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...program.env, ...variables },
      ...(program.cwd !== undefined && { cwd: program.cwd }),
    })
    this.at = { url: `http://${HOST}:${port}`, folder }
    this.#pid = child.pid
    this.#port = port
    for (const [stream, isError] of [
      [child.stdout, false],
      [child.stderr, true],
    ] as const) {
      const read = lineReader((text) => onLine?.(text, isError))
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#tail = (this.#tail + text).slice(-TAIL_LENGTH)
        read(text)
      })
      // The last line may have no end.
      stream.on('end', () => read('\n'))
    }
    if (child.pid !== undefined) warden.tell({ type: 'process-started', pid: child.pid })
    this.exited = exitReason(child, name as string).then((reason) => {
      this.#isOver = true
      if (child.pid !== undefined) {
        // Children that it has left behind.
        killTree(child.pid)
        warden.tell({ type: 'process-exited', pid: child.pid })
      }
      const { message, ...place } = crashCauseIn(this.#tail)
      return { message: message === '' ? reason : `${reason}: ${message}`, ...place }
    })
  }

  /**
   * Starts the program, once its port is free: children of the last incarnation may need a moment
   * to die.
   */
  static async start(options: ProgramProcessOptions): Promise<ProgramProcess> {
    const deadline = performance.now() + PORT_TIMEOUT_MS
    while ((await listens(options.port)) && performance.now() < deadline) await pause()
    return new ProgramProcess(options)
  }

  /** Resolves when it listens; to the reason if it does not, in one line. */
  async listening(): Promise<string | undefined> {
    let isLate = false
    const poll = async () => {
      while (!this.#isOver && !isLate && !(await listens(this.#port))) await pause()
    }
    const outcome = await within(
      PROGRAM_START_TIMEOUT_MS,
      Promise.race([poll().then(() => 'listening' as const), this.exited]),
    )
    isLate = true
    if (outcome === 'listening' && !this.#isOver) return undefined
    const limit = `${PROGRAM_START_TIMEOUT_MS / 1000} s`
    const what =
      outcome === undefined
        ? `it does not listen on the port in $PORT (${this.#port}) within ${limit}`
        : (await this.exited).message
    return `${what}${this.#lastLines()}`
  }

  /** Resolves to true if it accepts connections now. */
  listens(): Promise<boolean> {
    return listens(this.#port)
  }

  /** Sends SIGKILL to it and its children. Resolves when it has exited. */
  kill(): Promise<Exit> {
    if (this.#pid !== undefined && !this.#isOver) killTree(this.#pid)
    return this.exited
  }

  #lastLines(): string {
    const lines = this.#tail.split('\n').filter((line) => line.trim() !== '')
    if (lines.length === 0) return '; it printed nothing'
    return `; its last output: ${lines
      .slice(-LAST_LINES)
      .map((line) => line.trim())
      .join(' ⏎ ')}`
  }
}

/** Replaces $PORT, $HOST and $DATA_DIR, as a shell does. */
function expanded(word: string, variables: Readonly<Record<string, string>>): string {
  return word.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (text, braced?: string, plain?: string) => variables[braced ?? plain ?? ''] ?? text,
  )
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port })
    const end = (isListening: boolean) => {
      socket.destroy()
      resolve(isListening)
    }
    socket.on('connect', () => end(true))
    socket.on('error', () => end(false))
  })
}

const pause = () => new Promise((resolve) => setTimeout(resolve, PROGRAM_POLL_MS))
