import { spawn } from 'node:child_process'
import { hostScript, nodeCommand } from './launch.ts'

/** What the harness tells the process that outlives it: what there is to clean away, should the harness be killed. */
export type Charge =
  | { readonly type: 'process' | 'gone'; readonly pid: number }
  | { readonly type: 'folder' | 'removed'; readonly path: string }
  | { readonly type: 'goodbye' }

/** A process of its own that ends what we started when we are gone without a goodbye: SIGKILL leaves us no time to do it. */
export class Warden {
  readonly #stdin: NodeJS.WritableStream

  constructor() {
    const [program, ...rest] = nodeCommand(hostScript('warden'), []) as [string, ...string[]]
    // A session of its own: an interrupt at the terminal, meant for us, does not reach it.
    const child = spawn(program, rest, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
    child.unref()
    // Nor does the pipe to it keep us alive.
    if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
    child.on('error', () => {})
    child.stdin.on('error', () => {})
    this.#stdin = child.stdin
  }

  tell(charge: Charge): void {
    this.#stdin.write(`${JSON.stringify(charge)}\n`)
  }

  /** Everything is cleaned away. */
  dismiss(): void {
    this.tell({ type: 'goodbye' })
    this.#stdin.end()
  }
}
