import { Console } from 'node:console'
import { writeSync } from 'node:fs'
import type { TraceChannel } from '../../../core/trace.ts'
import type { CodeUnderTest } from '../../host/code-under-test.ts'
import { hookConsole } from '../../host/console-log.ts'
import { type CrashCause, crashCauseOf } from '../../host/crash-cause.ts'
import type { NodeTrace } from '../../host/trace.ts'
import type { Message } from '../device-protocol/protocol.ts'
import type { WireClock } from '../ports/clock.ts'
import { lineReader } from '../process/lines.ts'

const STDOUT = 1
/** The console of this process, before the code under test is recorded. */
const stderrConsole = new Console(process.stderr)

/** Sends a message to the harness synchronously: a SIGKILL after the return cannot lose it. */
export function send(message: Message): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`)
  for (let sent = 0; sent < bytes.length; ) {
    try {
      sent += writeSync(STDOUT, bytes, sent)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // The harness has exited.
      if (code === 'EPIPE') process.exit(1)
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

/** Passes on the harness's commands, and exits when the harness has exited. */
export function onCommand<Command>(listener: (command: Command) => void): void {
  process.stdin.setEncoding('utf8')
  process.stdin.on(
    'data',
    lineReader((line) => listener(JSON.parse(line) as Command)),
  )
  process.stdin.on('end', () => process.exit(0))
}

/**
 * Reserves stdout for the protocol: output of the code under test goes to stderr. Reports an
 * uncaught exception, and exits.
 *
 * @param module file URL of the client or server
 */
export function guard(module: string): void {
  globalThis.console = stderrConsole
  process.on('uncaughtException', (error) => {
    if (watched?.handlesUncaught(error, 'uncaughtException')) return
    watched?.crash(error)
    const cause = crashCauseOf(error, module)
    send({ type: 'event', event: { type: 'error', message: cause.message } })
    exitWithError(error, cause)
  })
}

let watched: CodeUnderTest | undefined

/** Records also what happens outside of the calls of the code under test. */
export function watch(code: CodeUnderTest): void {
  watched = code
  process.on('unhandledRejection', (error) => code.unhandled(error))
  hookConsole((level, args) => {
    code.print(level, args)
    // False: print it to stderr, too.
    return false
  })
}

/** Exits as Node does after an uncaught exception: the error on stderr, exit code 1. */
export function exitWithError(error: unknown, cause: CrashCause): never {
  send({ type: 'dying', ...cause })
  stderrConsole.error(error)
  process.exit(1)
}

/** Returns the trace of this process, sent to the harness; undefined if no channel is on. */
export function processTrace(
  channels: readonly TraceChannel[] | undefined,
  clock: WireClock,
): NodeTrace | undefined {
  return (
    channels && {
      has: (channel) => channels.includes(channel),
      line: (channel, what) => send({ type: 'trace', t: clock.exact(), channel, what }),
    }
  )
}
