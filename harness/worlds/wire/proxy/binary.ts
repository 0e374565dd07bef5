import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Problem } from '../../../core/problem.ts'
import { reservePort } from '../free-port.ts'
import { untilReady } from './ready.ts'
import type { Running } from './server.ts'

export type Env = Readonly<Record<string, string | undefined>>

/** TOXIPROXY_BIN, else toxiproxy-server on the PATH; undefined when there is none. */
export function findBinary(env: Env): string | undefined {
  if (env.TOXIPROXY_BIN) return env.TOXIPROXY_BIN
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, 'toxiproxy-server')).find(isExecutable)
}

/** A process of its own on a free loopback port. Throws a Problem when it does not come up. */
export async function startBinary(file: string, onChild: (pid: number) => void): Promise<Running> {
  const { port, release } = await reservePort()
  // A process group of its own, so that an interrupt at the terminal lets us close the links first.
  const child = spawn(file, ['-host', '127.0.0.1', '-port', String(port)], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let failure: string | undefined
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-500)
  })
  const gone = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      failure ??= `${file} cannot be run as a Toxiproxy: ${error.message}`
      resolve()
    })
    child.on('exit', (code, signal) => {
      failure ??= `${file} ended at once (${signal ?? `exit code ${code}`}) instead of serving Toxiproxy's API: ${said.trim().split('\n').at(-1)}`
      resolve()
    })
  })
  if (child.pid !== undefined) onChild(child.pid)
  else await once(child, 'error')
  const close = async () => {
    child.kill('SIGKILL')
    await gone
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
