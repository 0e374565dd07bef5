import { spawn } from 'node:child_process'
import { nodeCommand, programUrl } from './launch.ts'

/** A message to the warden: what to clean up if the harness is killed. */
export type WardenMessage =
  | { readonly type: 'process-started' | 'process-exited'; readonly pid: number }
  | { readonly type: 'folder-created' | 'folder-removed'; readonly path: string }
  /** Nothing is left to clean up. */
  | { readonly type: 'dismissed' }

/**
 * A watchdog process that outlives the harness: SIGKILL leaves the harness no time to clean up.
 * When its stdin closes without a `dismissed`, it kills our processes and removes our folders.
 */
export class Warden {
  readonly #stdin: NodeJS.WritableStream

  constructor() {
    const [program, ...rest] = nodeCommand(programUrl('warden'), []) as [string, ...string[]]
    // A session of its own: an interrupt at the terminal reaches only the harness.
    const child = spawn(program, rest, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
    // Neither the child nor the pipe to it keeps the harness running.
    child.unref()
    if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
    child.on('error', () => {})
    child.stdin.on('error', () => {})
    this.#stdin = child.stdin
  }

  tell(message: WardenMessage): void {
    this.#stdin.write(`${JSON.stringify(message)}\n`)
  }

  dismiss(): void {
    this.tell({ type: 'dismissed' })
    this.#stdin.end()
  }
}
