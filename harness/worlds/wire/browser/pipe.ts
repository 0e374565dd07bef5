import type { Readable, Writable } from 'node:stream'
import { messageOf } from '../../../core/problem.ts'

/** An event of the DevTools protocol. */
export interface DevToolsEvent {
  readonly method: string
  readonly params: Record<string, unknown>
  /** The session of the target that it comes from; absent for the browser's own events. */
  readonly sessionId?: string
}

interface Answer {
  readonly id: number
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

interface Pending {
  resolve(result: unknown): void
  reject(error: Error): void
}

/**
 * The DevTools protocol over the pipe of `--remote-debugging-pipe`: JSON texts, each with a zero
 * byte after it. A browser exits when its pipe closes, so it cannot outlive this process.
 */
export class DevToolsPipe {
  readonly #input: Writable
  readonly #pending = new Map<number, Pending>()
  #onEvent = (_event: DevToolsEvent): void => {}
  #lastId = 0

  constructor(input: Writable, output: Readable) {
    this.#input = input
    input.on('error', () => {})
    output.on('error', () => {})
    let rest = ''
    output.setEncoding('utf8').on('data', (text: string) => {
      const messages = (rest + text).split('\0')
      rest = messages.pop() ?? ''
      for (const message of messages) this.#onMessage(JSON.parse(message))
    })
    output.on('close', () => this.#close())
  }

  /** Passes on each event from now on. */
  listen(listener: (event: DevToolsEvent) => void): void {
    this.#onEvent = listener
  }

  /** Sends a command to the browser, or to a target. Rejects with the browser's error. */
  send(method: string, params: object = {}, sessionId?: string): Promise<unknown> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject: (error) => reject(named(method, error)) })
      this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  }

  #onMessage(message: Answer | DevToolsEvent): void {
    if ('method' in message) {
      this.#onEvent(message)
      return
    }
    const pending = this.#pending.get(message.id)
    this.#pending.delete(message.id)
    if (message.error) pending?.reject(new Error(message.error.message))
    else pending?.resolve(message.result)
  }

  #close(): void {
    for (const { reject } of this.#pending.values()) reject(new Error('the browser has exited'))
    this.#pending.clear()
  }
}

const named = (method: string, error: Error) => new Error(`${method}: ${messageOf(error)}`)
