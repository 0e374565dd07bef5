import { messageOf, Problem } from '../../../core/problem.ts'
import { reservePort } from '../free-port.ts'
import { untilReady } from './ready.ts'
import type { Running } from './server.ts'

const IMAGE = 'ghcr.io/shopify/toxiproxy:2.12.0'

/** Starts a container in the machine's own network. Throws a Problem if Docker is unreachable. */
export async function startDocker(platform: string = process.platform): Promise<Running> {
  if (platform !== 'linux') {
    throw new Problem(
      '--toxiproxy docker needs the host network, which Docker has only on Linux; ' +
        'use --toxiproxy embedded or binary',
    )
  }
  const { GenericContainer, getContainerRuntimeClient } = await testcontainers()
  await getContainerRuntimeClient().catch((cause: unknown) => {
    throw new Problem(
      `--toxiproxy docker cannot reach Docker (${oneLine(cause)}); ` +
        'start it, or use --toxiproxy embedded',
      { cause },
    )
  })
  const { port, release } = await reservePort()
  const container = await new GenericContainer(IMAGE)
    .withNetworkMode('host')
    .withCommand(['-host=127.0.0.1', `-port=${port}`])
    .start()
    .catch((cause: unknown) => {
      release()
      throw new Problem(`Docker could not run ${IMAGE}: ${oneLine(cause)}`, { cause })
    })
  const close = async () => {
    await container.stop({ timeout: 0 })
    release()
  }
  const url = `http://127.0.0.1:${port}`
  try {
    await untilReady(url, () => undefined)
  } catch (cause) {
    await close()
    throw cause
  }
  return { url, kind: 'docker', close }
}

/** Loads testcontainers on demand: it is large, and an optional dependency. */
async function testcontainers() {
  try {
    return await import('testcontainers')
  } catch (cause) {
    throw new Problem(
      '--toxiproxy docker needs the package testcontainers (npm install testcontainers): ' +
        oneLine(cause),
      { cause },
    )
  }
}

const oneLine = (cause: unknown) => messageOf(cause).split('\n')[0] ?? ''
