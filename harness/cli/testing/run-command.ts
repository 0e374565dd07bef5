import type { Io } from '../io.ts'
import { main } from '../main.ts'

/** What one command line said and ended with, run in this process. */
export interface CommandOutput {
  readonly exitCode: number
  readonly out: string
  readonly err: string
}

export async function tunnelproof(cwd: string, ...argv: string[]): Promise<CommandOutput> {
  const said = { out: '', err: '' }
  const io: Io = {
    cwd,
    env: {},
    interactive: false,
    color: false,
    out: (text) => {
      said.out += text
    },
    err: (text) => {
      said.err += text
    },
  }
  return { exitCode: await main(argv, io), ...said }
}
