import type { Io } from '../io.ts'
import { main } from '../main.ts'

/** The exit code and the output of one command line. */
export interface CommandOutput {
  readonly exitCode: number
  readonly out: string
  readonly err: string
}

/** Runs a command line in this process, without a terminal. */
export async function tunnelproof(cwd: string, ...argv: string[]): Promise<CommandOutput> {
  const output = { out: '', err: '' }
  const io: Io = {
    cwd,
    env: {},
    interactive: false,
    color: false,
    out: (text) => {
      output.out += text
    },
    err: (text) => {
      output.err += text
    },
  }
  return { exitCode: await main(argv, io), ...output }
}
