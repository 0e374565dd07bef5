import { Problem } from '../../../core/problem.ts'
import type { Toxic } from '../../../link/toxic.ts'
import type { LinkTrace } from '../../../link/trace.ts'
import { type Env, findBinary, startBinary } from './binary.ts'
import { startDocker } from './docker.ts'
import { drive } from './driven.ts'
import type { ProxyServer, Running } from './server.ts'

export { scaleAttributes } from './scale.ts'
export type { ProxyServer, WireLink } from './server.ts'

type TraceOf = (link: string) => LinkTrace | undefined

export interface OpenToxiproxyOptions {
  /** The available toxics, by type: their units are needed for the time scale. */
  readonly toxics: ReadonlyMap<string, Toxic>
  /** Starts the embedded Toxiproxy, on a free port. A link's trace is `traceOf(name)`. */
  startEmbedded(traceOf: TraceOf): Promise<{ readonly url: string; close(): Promise<void> }>
  /** Called with the id of each started process, at once. */
  onChild?(pid: number): void
  /** Default: the environment of this process. */
  readonly env?: Env
}

/**
 * Finds or starts a Toxiproxy. Throws a Problem if that fails. `choice` is one of:
 *
 * - embedded: the one of this repository
 * - binary: TOXIPROXY_BIN, or toxiproxy-server on the PATH
 * - docker: a container
 * - a URL: a Toxiproxy that is running already
 * - auto: TOXIPROXY_URL if set, else the binary if there is one, else embedded
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
  const embedded = async (): Promise<Running> => {
    const traces = new Map<string, LinkTrace>()
    return { ...(await startEmbedded((link) => traces.get(link))), kind: 'embedded', traces }
  }
  switch (choice) {
    case 'auto':
      if (env.TOXIPROXY_URL) return running(env.TOXIPROXY_URL, 'TOXIPROXY_URL')
      if (binary !== undefined) return startBinary(binary, onChild)
      return embedded()
    case 'embedded':
      return embedded()
    case 'binary':
      if (binary !== undefined) return startBinary(binary, onChild)
      throw new Problem(
        '--toxiproxy binary found no toxiproxy-server on the PATH; ' +
          'install it, set TOXIPROXY_BIN, or use --toxiproxy embedded',
      )
    case 'docker':
      return startDocker()
    default:
      return running(choice, '--toxiproxy')
  }
}

/** Returns a Toxiproxy that is running already, and that close() must not end. */
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
