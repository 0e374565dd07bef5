import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CommandOutput } from './run-command.ts'

const BIN = fileURLToPath(new URL('../tunnelproof.js', import.meta.url))

/** Runs a command line in a process of its own, whose temporary files are in `cwd`. */
export function runOfProcess(cwd: string, ...argv: string[]): Promise<CommandOutput> {
  const child = spawn(process.execPath, [BIN, ...argv], {
    cwd,
    env: { ...process.env, TMPDIR: cwd, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.err += text
  })
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ exitCode: code ?? -1, ...output }))
  })
}
