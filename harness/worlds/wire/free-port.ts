import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { Problem } from '../../core/problem.ts'

/**
 * Below the ranges from which operating systems take the ports of outgoing connections and of port 0: a port found free here stays
 * free while its server is dead.
 */
const [LOWEST, HIGHEST] = [20_000, 29_999]
const ATTEMPTS = 100
const given = new Set<number>()

/** A port on loopback for a server that will be killed and come back on it. Given to nobody else in this process until `release`. */
export async function reservePort(): Promise<{ readonly port: number; release(): void }> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = randomInt(LOWEST, HIGHEST + 1)
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    return { port, release: () => given.delete(port) }
  }
  throw new Problem(
    `expected a free port between ${LOWEST} and ${HIGHEST} on 127.0.0.1, found none in ${ATTEMPTS} attempts; end what listens there`,
  )
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  try {
    probe.listen({ host: '127.0.0.1', port, exclusive: true })
    await once(probe, 'listening')
    return true
  } catch {
    return false
  } finally {
    probe.close()
  }
}
