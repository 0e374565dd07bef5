import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Problem } from '../../../core/problem.ts'
import { reservePort } from '../free-port.ts'
import { untilReady } from './ready.ts'
import type { Running } from './server.ts'

export type Env = Readonly<Record<string, string | undefined>>

/** Returns TOXIPROXY_BIN, else toxiproxy-server on the PATH, else undefined. */
export function findBinary(env: Env): string | undefined {
  if (env.TOXIPROXY_BIN) return env.TOXIPROXY_BIN
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, 'toxiproxy-server')).find(isExecutable)
}

/** Starts a process on a free loopback port. Throws a Problem if it does not come up. */
export async function startBinary(file: string, onChild: (pid: number) => void): Promise<Running> {
  const { port, release } = await reservePort()
  // A process group of its own: after an interrupt at the terminal, the links can still be removed.
  const child = spawn(file, ['-host', '127.0.0.1', '-port', String(port)], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let failure: string | undefined
  let stderrTail = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderrTail = (stderrTail + chunk.toString()).slice(-500)
  })
  const exited = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      failure ??= `${file} cannot be run as a Toxiproxy: ${error.message}`
      resolve()
    })
    child.on('exit', (code, signal) => {
      const lastLine = stderrTail.trim().split('\n').at(-1)
      failure ??=
        `${file} ended at once (${signal ?? `exit code ${code}`}) ` +
        `instead of serving Toxiproxy's API: ${lastLine}`
      resolve()
    })
  })
  if (child.pid !== undefined) onChild(child.pid)
  else await once(child, 'error')
  const close = async () => {
    child.kill('SIGKILL')
    await exited
    release()
  }
  const url = `http://127.0.0.1:${port}`
  try {
    await untilReady(url, () => failure)
  } catch (cause) {
    await close()
    throw cause instanceof Problem ? cause : new Problem(`${file} did not come up`, { cause })
  }
  return { url, kind: 'binary', close }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
