import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { CrashCause } from '../../host/crash-cause.ts'
import { type InvalidLine, type Message, readMessage } from '../device-protocol/protocol.ts'
import { crashCauseIn } from './crash-cause.ts'
import { exitReason } from './exit-reason.ts'
import { killTree } from './kill-tree.ts'
import { lineReader } from './lines.ts'
import type { Warden } from './warden.ts'

/** In characters: the end of the stderr in which the cause of a crash is searched. */
const STDERR_TAIL_LENGTH = 20_000

/** The end of a process. `message` begins with 'exit code 1' or 'SIGSEGV'. */
export type Exit = CrashCause

/** A line on stderr, or one on stdout that is not a message. */
export interface OutputLine {
  readonly type: 'output'
  readonly text: string
}

/** A message that is neither `ready` nor a reply, a line that is not a message, or other output. */
export type Report = Exclude<Message, { type: 'ready' | 'reply' }> | InvalidLine | OutputLine

/** A command of the protocol; `ask` adds an `id`, which the reply repeats. */
export type Command = { readonly type: string; readonly [member: string]: unknown }

/** done: carried out · exited: the process exited before · problem: why it failed. */
export type Reply = 'done' | 'exited' | { readonly problem: string }

/** A process that speaks the device protocol: sends it commands and receives its messages. */
export class ProtocolProcess {
  /** Resolves to true when the process sends `ready`, to false if it exits before. */
  readonly ready: Promise<boolean>
  /** Resolves to the first line on stdout that is not a message. */
  readonly garbled: Promise<string>
  /** Resolves when the process has exited and its output has been read. Never rejects. */
  readonly exited: Promise<Exit>
  readonly #child: ChildProcessWithoutNullStreams
  readonly #pendingReplies = new Map<number, (reply: Reply) => void>()
  /** Reports that arrived before {@link listen} was called. */
  readonly #earlyReports: Report[] = []
  #onReport: ((report: Report) => void) | undefined
  #onReady = (_ready: boolean): void => {}
  #onGarbled = (_line: string): void => {}
  /** When the last line arrived on its stdout, as `performance.now()`. */
  lastHeardAt = 0
  #lastId = 0
  #alive = true
  #isKilled = false
  #stderrTail = ''

  /**
   * Starts the command. The warden kills the process if the harness cannot. `env`: variables
   * besides those of this process.
   */
  constructor(command: readonly string[], warden: Warden, env?: Readonly<Record<string, string>>) {
    const [program, ...rest] = command as [string, ...string[]]
    // A process group of its own: an interrupt at the terminal reaches only the harness, and a kill
    // also reaches the program's children.
    this.#child = spawn(program, rest, {
      detached: true,
      stdio: 'pipe',
      ...(env && { env: { ...process.env, ...env } }),
    })
    this.#child.stdin.on('error', () => {})
    this.ready = new Promise((resolve) => {
      this.#onReady = resolve
    })
    this.garbled = new Promise((resolve) => {
      this.#onGarbled = resolve
    })
    this.#readOutput()
    this.exited = this.#supervise(program, warden)
  }

  /** False from its SIGKILL on, also if it has not been seen to exit yet. */
  get alive(): boolean {
    return this.#alive && !this.#isKilled
  }

  /** Passes reports to `listener`, beginning with those that have arrived already. */
  listen(listener: (report: Report) => void): void {
    this.#onReport = listener
    for (const report of this.#earlyReports.splice(0)) listener(report)
  }

  send(command: Command): void {
    if (this.#alive) this.#child.stdin.write(`${JSON.stringify(command)}\n`)
  }

  /** Sends a command and resolves to the reply. */
  ask(command: Command): Promise<Reply> {
    const id = ++this.#lastId
    return new Promise((resolve) => {
      if (!this.#alive) return resolve('exited')
      this.#pendingReplies.set(id, resolve)
      this.send({ ...command, id })
    })
  }

  /** Sends SIGKILL and resolves when the process has exited. */
  kill(): Promise<Exit> {
    this.#isKilled = true
    if (this.#child.pid !== undefined && this.#alive) killTree(this.#child.pid)
    return this.exited
  }

  #readOutput(): void {
    const { stdout, stderr } = this.#child
    const onLine = lineReader((line) => this.#onLine(line))
    stdout.setEncoding('utf8').on('data', onLine)
    const onErrorLine = lineReader((text) => this.#report({ type: 'output', text }))
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderrTail = (this.#stderrTail + text).slice(-STDERR_TAIL_LENGTH)
      onErrorLine(text)
    })
    // The last line may have no end.
    stderr.on('end', () => onErrorLine('\n'))
  }

  #onLine(line: string): void {
    const message = readMessage(line)
    if (message.type === 'invalid') {
      this.#onGarbled(line)
      this.#report({ type: 'output', text: line })
    }
    this.#onMessage(message)
  }

  #onMessage(message: Message | InvalidLine): void {
    this.lastHeardAt = performance.now()
    if (message.type === 'ready') this.#onReady(true)
    else if (message.type === 'reply') this.#settle(message.id, replyOf(message.problem))
    else this.#report(message)
  }

  #report(report: Report): void {
    if (this.#onReport) this.#onReport(report)
    else this.#earlyReports.push(report)
  }

  async #supervise(program: string, warden: Warden): Promise<Exit> {
    const { pid } = this.#child
    if (pid !== undefined) warden.tell({ type: 'process-started', pid })
    this.#child.on('exit', () => {
      this.#alive = false
    })
    const reason = await exitReason(this.#child, program)
    this.#alive = false
    if (pid !== undefined) {
      killTree(pid)
      warden.tell({ type: 'process-exited', pid })
    }
    this.#onReady(false)
    for (const id of [...this.#pendingReplies.keys()]) this.#settle(id, 'exited')
    const { message, ...place } = crashCauseIn(this.#stderrTail)
    return { message: message === '' ? reason : `${reason}: ${message}`, ...place }
  }

  #settle(id: number, reply: Reply): void {
    this.#pendingReplies.get(id)?.(reply)
    this.#pendingReplies.delete(id)
  }
}

const replyOf = (problem: string | undefined): Reply =>
  problem === undefined ? 'done' : { problem }
