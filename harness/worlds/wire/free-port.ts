import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { Problem } from '../../core/problem.ts'

/**
 * Outside the ranges from which operating systems choose the ports of outgoing connections and of
 * port 0: a free port in this range stays free while its server is dead.
 */
const [PORT_MIN, PORT_MAX] = [20_000, 29_999]
const ATTEMPTS_MAX = 100
const reserved = new Set<number>()

/**
 * Reserves a loopback port for a server that will be killed and restarted on it. No other call in
 * this process gets that port until `release` is called. Throws a Problem if none is free.
 */
export async function reservePort(): Promise<{ readonly port: number; release(): void }> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const port = randomInt(PORT_MIN, PORT_MAX + 1)
    if (reserved.has(port) || !(await isFree(port))) continue
    reserved.add(port)
    return { port, release: () => reserved.delete(port) }
  }
  throw new Problem(
    `expected a free port between ${PORT_MIN} and ${PORT_MAX} on 127.0.0.1, ` +
      `found none in ${ATTEMPTS_MAX} attempts; stop programs that listen there`,
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
