import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { type Garbage, type Message, readMessage } from '../device-protocol/protocol.ts'
import { killTree } from './kill-tree.ts'
import { lineReader } from './lines.ts'
import type { Warden } from './warden.ts'

const STDERR_TAIL = 2000
/** Descendants may hold a dead process's stdout open; what it wrote itself is read long before. */
const LAST_WORDS_MS = 200

/** What came of a process. */
export interface Exit {
  /** 'exit code 1', 'SIGSEGV', with the tail of its stderr. */
  readonly message: string
}

/** What a process says of its own accord. */
export type Said = Exclude<Message, { type: 'ready' | 'reply' }> | Garbage

/** A command of the protocol; its `id` is added when a reply is wanted. */
export type Command = { readonly type: string; readonly [member: string]: unknown }

/** A process under test, as the harness holds it: commands in, messages out, and its end. */
export class HostProcess {
  /** Resolves once it has said `ready`; false when it ended before. */
  readonly ready: Promise<boolean>
  /** Resolves when it is gone and all that it said has been heard. Never rejects. */
  readonly ended: Promise<Exit>
  /** Set once, when its incarnation begins. What it says before is kept. */
  #onMessage: ((message: Said) => void) | undefined
  readonly #unheard: Said[] = []
  readonly #child: ChildProcessWithoutNullStreams
  readonly #replies = new Map<number, (answer: Answer) => void>()
  #lastId = 0
  #alive = true
  #stderr = ''

  constructor(command: readonly string[], warden: Warden) {
    const [program, ...rest] = command as [string, ...string[]]
    // A group of its own: an interrupt at the terminal is for the harness to deal with, and a kill takes what the program started with it.
    const child = spawn(program, rest, { detached: true, stdio: 'pipe' })
    this.#child = child
    if (child.pid !== undefined) warden.tell({ type: 'process', pid: child.pid })
    child.stdin.on('error', () => {})
    let sayReady = (_ready: boolean): void => {}
    this.ready = new Promise((resolve) => {
      sayReady = resolve
    })
    child.stdout.setEncoding('utf8')
    child.stdout.on(
      'data',
      lineReader((line) => {
        const message = readMessage(line)
        if (message.type === 'ready') sayReady(true)
        else if (message.type === 'reply')
          this.#settle(
            message.id,
            message.problem === undefined ? 'done' : { problem: message.problem },
          )
        else if (this.#onMessage) this.#onMessage(message)
        else this.#unheard.push(message)
      }),
    )
    child.stderr.setEncoding('utf8')
    child.stderr.on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL)
    })
    this.ended = new Promise((resolve) => {
      const end = (how: string) => {
        this.#alive = false
        if (child.pid !== undefined) {
          killTree(child.pid)
          warden.tell({ type: 'gone', pid: child.pid })
        }
        sayReady(false)
        for (const id of [...this.#replies.keys()]) this.#settle(id, 'gone')
        const tail = this.#stderr.trim()
        resolve({ message: tail === '' ? how : `${how}: ${tail}` })
      }
      child.on('error', (error) => {
        if (child.pid === undefined) end(`cannot run ${JSON.stringify(program)}: ${error.message}`)
      })
      child.on('exit', (code, signal) => {
        this.#alive = false
        const how = signal ?? `exit code ${code}`
        const patience = setTimeout(() => end(how), LAST_WORDS_MS)
        child.once('close', () => {
          clearTimeout(patience)
          end(how)
        })
      })
    })
  }

  get alive(): boolean {
    return this.#alive
  }

  /** From now on `listener` hears what it says, and first what it has said before. */
  listen(listener: (message: Said) => void): void {
    this.#onMessage = listener
    for (const message of this.#unheard.splice(0)) listener(message)
  }

  send(command: Command): void {
    if (this.#alive) this.#child.stdin.write(`${JSON.stringify(command)}\n`)
  }

  /** Sends a command and waits for the reply to it. */
  ask(command: Command): Promise<Answer> {
    const id = ++this.#lastId
    return new Promise((resolve) => {
      if (!this.#alive) return resolve('gone')
      this.#replies.set(id, resolve)
      this.send({ ...command, id })
    })
  }

  /** SIGKILL. */
  kill(): Promise<Exit> {
    if (this.#child.pid !== undefined && this.#alive) killTree(this.#child.pid)
    return this.ended
  }

  #settle(id: number, answer: Answer): void {
    this.#replies.get(id)?.(answer)
    this.#replies.delete(id)
  }
}

/** done: carried out · gone: the process ended before · problem: it says why it could not. */
export type Answer = 'done' | 'gone' | { readonly problem: string }
