import { Problem } from '../../../core/problem.ts'
import type { Toxic } from '../../../link/toxic.ts'
import { type Env, findBinary, startBinary } from './binary.ts'
import { startDocker } from './docker.ts'
import { drive } from './driven.ts'
import type { ProxyServer, Running } from './server.ts'

export { scaleAttributes } from './scale.ts'
export type { ProxyServer, WireLink } from './server.ts'

export interface OpenToxiproxyOptions {
  /** The kinds of toxic there are, by type: their units are needed for the time scale. */
  readonly toxics: ReadonlyMap<string, Toxic>
  /** Starts our own, on a free port. */
  startEmbedded(): Promise<{ readonly url: string; close(): Promise<void> }>
  /** Told of each process we start, at once. */
  onChild?(pid: number): void
  /** Default: this process's. */
  readonly env?: Env
}

/**
 * Finds or starts a Toxiproxy. `choice`: 'embedded', 'binary' (TOXIPROXY_BIN, or toxiproxy-server on the PATH), 'docker', the URL of one that runs, or 'auto':
 * TOXIPROXY_URL, else the binary where there is one, else our own. Throws a one-line Problem when it cannot be had or used.
 */
export async function openToxiproxy(
  choice: string,
  options: OpenToxiproxyOptions,
): Promise<ProxyServer> {
  return drive(await start(choice, options), options.toxics)
}

async function start(
  choice: string,
  { startEmbedded, onChild = () => {}, env = process.env }: OpenToxiproxyOptions,
): Promise<Running> {
  const binary = findBinary(env)
  switch (choice) {
    case 'auto':
      if (env.TOXIPROXY_URL) return running(env.TOXIPROXY_URL, 'TOXIPROXY_URL')
      if (binary !== undefined) return startBinary(binary, onChild)
      return { ...(await startEmbedded()), kind: 'embedded' }
    case 'embedded':
      return { ...(await startEmbedded()), kind: 'embedded' }
    case 'binary':
      if (binary !== undefined) return startBinary(binary, onChild)
      throw new Problem(
        '--toxiproxy binary found no toxiproxy-server on the PATH; install it, set TOXIPROXY_BIN, or use --toxiproxy embedded',
      )
    case 'docker':
      return startDocker()
    default:
      return running(choice, '--toxiproxy')
  }
}

/** One that is not ours to end. */
function running(text: string, source: string): Running {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    const expected =
      source === '--toxiproxy' ? 'auto, embedded, binary, docker or a URL such as' : 'a URL such as'
    throw new Problem(
      `${source} expects ${expected} http://127.0.0.1:8474, got ${JSON.stringify(text)}`,
    )
  }
  return { url: url.href.replace(/\/+$/, ''), kind: url.origin, close: async () => {} }
}
