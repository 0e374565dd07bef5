import type { ChildProcess } from 'node:child_process'
import { OUTPUT_DRAIN_MS } from '../timeouts.ts'

/** Resolves when the process cannot be started, or has exited and its output has been read. */
export function exitReason(child: ChildProcess, program: string): Promise<string> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(`cannot run ${program}: ${spawnProblem(error)}`)
    })
    child.on('exit', (code, signal) => {
      const reason = signal ?? `exit code ${code}`
      const timer = setTimeout(() => resolve(reason), OUTPUT_DRAIN_MS)
      child.once('close', () => {
        clearTimeout(timer)
        resolve(reason)
      })
    })
  })
}

function spawnProblem(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'no such file'
  return error.code === 'EACCES' ? 'it is not executable' : error.message
}
