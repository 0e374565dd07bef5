import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { seededRandom } from '../../core/random.ts'
import { allToxics } from '../../link/testing/toxics.ts'
import { startToxiproxy } from '../index.ts'

/**
 * Returns the path of the real server, if any: TOXIPROXY_BIN, else toxiproxy-server on the PATH.
 */
export function realBinary(): string | undefined {
  if (process.env.TOXIPROXY_BIN) return process.env.TOXIPROXY_BIN
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, 'toxiproxy-server')).find((file) => existsSync(file))
}

export interface ServerUnderTest {
  readonly url: string
  close(): Promise<void>
}

export async function startOurs(): Promise<ServerUnderTest> {
  return startToxiproxy({ port: 0, toxics: await allToxics(), random: seededRandom(1) })
}

export async function startReal(binary: string): Promise<ServerUnderTest> {
  const port = await freePort()
  const child = spawn(binary, ['-host', '127.0.0.1', '-port', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  while (child.exitCode === null) {
    const response = await fetch(`${url}/version`).catch(() => undefined)
    if (response?.ok) break
  }
  return {
    url,
    close: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
