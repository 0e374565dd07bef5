import { Console } from 'node:console'
import { writeSync } from 'node:fs'
import { messageOf } from '../../../core/problem.ts'
import type { Message } from '../device-protocol/protocol.ts'
import { lineReader } from '../process/lines.ts'

const STDOUT = 1

/** Says something to the harness, at once: when this returns, not even a SIGKILL can unsay it. */
export function say(message: Message): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`)
  for (let sent = 0; sent < bytes.length; ) {
    try {
      sent += writeSync(STDOUT, bytes, sent)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // The harness is gone.
      if (code === 'EPIPE') process.exit(1)
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

/** Hands on the harness's commands, and ends this process with the harness. */
export function hear<Command>(onCommand: (command: Command) => void): void {
  process.stdin.setEncoding('utf8')
  process.stdin.on(
    'data',
    lineReader((line) => onCommand(JSON.parse(line) as Command)),
  )
  process.stdin.on('end', () => process.exit(0))
}

/**
 * Reserves stdout for the protocol: what the thing under test prints goes to stderr. Reports an
 * exception that nobody caught, and exits.
 */
export function guard(): void {
  globalThis.console = new Console(process.stderr)
  process.on('uncaughtException', (error) => {
    say({ type: 'event', event: { type: 'error', message: messageOf(error) } })
    exitWithError(error)
  })
}

/** Exits as Node does after an uncaught exception: the error on stderr, exit code 1. */
export function exitWithError(error: unknown): never {
  console.error(error)
  process.exit(1)
}
