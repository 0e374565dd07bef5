import process from 'node:process'
import { CommanderError } from 'commander'
import { messageOf, Problem } from '../core/problem.ts'
import { exitCode } from './exit-codes.ts'
import type { Io } from './io.ts'
import { program } from './program.ts'

/** The command line: arguments in, exit code out. */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  let ended = exitCode('held')
  const root = program(io, (code) => {
    ended = code
  })
  if (argv.length === 0) {
    root.outputHelp()
    return exitCode('badUsage')
  }
  try {
    await root.parseAsync(argv, { from: 'user' })
    return ended
  } catch (cause) {
    if (cause instanceof CommanderError) return usage(cause, io)
    // A Problem's message is written for a person. Anything else is a mistake of ours, and whoever mends it needs to see where.
    if (cause instanceof Problem) io.err(`${oneLine(cause.message)}\n`)
    else
      io.err(
        `this is a bug in tunnelproof: ${cause instanceof Error ? cause.stack : messageOf(cause)}\n`,
      )
    return exitCode('badUsage')
  }
}

/** --help and --version come here too: they have been printed and are no mistake. */
function usage({ exitCode: code, message }: CommanderError, io: Io): number {
  if (code === 0) return exitCode('held')
  io.err(`${oneLine(message.replace(/^error: /, ''))}; see tunnelproof --help\n`)
  return exitCode('badUsage')
}

const oneLine = (text: string) => text.replace(/\s*\n\s*/g, ' ')

function processIo(): Io {
  const { stdout, env } = process
  // A terminal that does not know its width would break live lines after each character.
  const interactive = stdout.isTTY === true && stdout.columns >= 40 && !env.CI
  return {
    cwd: process.cwd(),
    env,
    interactive,
    color: env.FORCE_COLOR ? env.FORCE_COLOR !== '0' : interactive && !env.NO_COLOR,
    ...(interactive && { width: stdout.columns }),
    out: (text) => stdout.write(text),
    err: (text) => process.stderr.write(text),
  }
}
