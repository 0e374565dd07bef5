import process from 'node:process'
import { setImmediate } from 'node:timers/promises'
import { CommanderError } from 'commander'
import { messageOf, Problem } from '../core/problem.ts'
import { handleClosedPipe } from './closed-pipe.ts'
import { exitCode } from './exit-codes.ts'
import type { Io } from './io.ts'
import { program } from './program.ts'

/** Runs the command line of this process. Resolves to the exit code; never rejects. */
export async function mainOfProcess(argv: readonly string[]): Promise<number> {
  const pipe = handleClosedPipe()
  const code = await main(argv, processIo(pipe))
  // Lets an error of the last write arrive.
  await setImmediate()
  return pipe.isClosed ? exitCode('SIGPIPE') : code
}

/** Runs one command line. Resolves to the exit code; never rejects. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let result = exitCode('held')
  const root = program(io, (code) => {
    result = code
  })
  if (argv.length === 0) {
    root.outputHelp()
    return exitCode('badUsage')
  }
  try {
    await root.parseAsync(argv, { from: 'user' })
    return result
  } catch (cause) {
    if (cause instanceof CommanderError) return usageError(cause, io)
    io.err(`${cause instanceof Problem ? oneLine(cause.message) : bugReport(cause)}\n`)
    return exitCode('badUsage')
  }
}

/** Prints an error in the arguments. --help and --version end up here too, already printed. */
function usageError({ exitCode: code, message }: CommanderError, io: Io): number {
  if (code === 0) return exitCode('held')
  io.err(`${oneLine(message.replace(/^error: /, ''))}; see tunnelproof --help\n`)
  return exitCode('badUsage')
}

/** Any error but a Problem is a bug of tunnelproof, and needs its stack to be fixed. */
const bugReport = (cause: unknown) =>
  `this is a bug in tunnelproof: ${cause instanceof Error ? cause.stack : messageOf(cause)}`

const oneLine = (text: string) => text.replace(/\s*\n\s*/g, ' ')

function processIo(pipe: { readonly isClosed: boolean }): Io {
  const { stdout, env } = process
  // In a terminal without a width the live display would wrap its lines after each character.
  const interactive = stdout.isTTY === true && stdout.columns >= 40 && !env.CI
  return {
    cwd: process.cwd(),
    env,
    interactive,
    color: env.FORCE_COLOR ? env.FORCE_COLOR !== '0' : interactive && !env.NO_COLOR,
    ...(interactive && { width: stdout.columns }),
    out: (text) => pipe.isClosed || stdout.write(text),
    err: (text) => pipe.isClosed || process.stderr.write(text),
  }
}
