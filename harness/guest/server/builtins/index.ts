import * as module from 'node:module'
import * as os from 'node:os'
import * as perfHooks from 'node:perf_hooks'
import * as timers from 'node:timers'
import type { HostedChance } from '../globals/chance.ts'
import type { HostedTimers } from '../globals/timers.ts'
import type { Builtin } from '../realm/realm.ts'
import { hostedCrypto } from './crypto.ts'
import { hostedDns } from './dns.ts'
import type { Later } from './later.ts'
import { hostedPath } from './path.ts'
import { REFUSED, refusal, refused } from './refused.ts'
import { hostedZlib } from './zlib.ts'

export interface BuiltinPlace {
  readonly process: NodeJS.Process
  readonly timers: HostedTimers
  readonly performance: Performance
  readonly chance: HostedChance
  readonly webcrypto: object
  readonly net: object
  readonly http: object
  readonly https: object
  /** node:fs, with `promises`. */
  readonly fs: { readonly promises: object }
  readonly temporaryFolder: string
  readonly createRequire: (place: string | URL) => unknown
}

/** Returns the function by which a realm gets modules of Node. Made when first asked for. */
export function hostedBuiltins(place: BuiltinPlace): Builtin {
  const later: Later = (task) => void place.timers.setImmediate(task)
  const { promises, ...timerFunctions } = place.timers
  const makers: Readonly<Record<string, () => unknown>> = {
    process: () => place.process,
    timers: () => ({ ...timers, ...timerFunctions, promises }),
    'timers/promises': () => promises,
    perf_hooks: () => ({ ...perfHooks, performance: place.performance }),
    crypto: () => hostedCrypto(place.chance, place.webcrypto, later),
    net: () => place.net,
    http: () => place.http,
    https: () => place.https,
    dns: () => hostedDns(later),
    'dns/promises': () => hostedDns(later).promises,
    zlib: () => hostedZlib(later),
    fs: () => place.fs,
    'fs/promises': () => place.fs.promises,
    path: () => hostedPath(place.process.cwd),
    'path/posix': () => hostedPath(place.process.cwd).posix,
    os: () => hostedOs(place.temporaryFolder),
    module: () => hostedModule(place),
  }
  const made = new Map<string, unknown>()
  const make = (name: string, importer: string) => {
    const facts = REFUSED[name]
    if (facts) return refused(name, facts, real(name), importer)
    const partly = PARTLY_REFUSED[name]
    if (partly) return withRefused(name, partly, importer)
    return makers[name]?.() ?? real(name)
  }
  return (name, importer) => {
    // Errors of a refused module name the file that asked for it.
    const key = name in REFUSED || name in PARTLY_REFUSED ? `${name} ${importer}` : name
    if (!made.has(key)) made.set(key, make(name, importer))
    return made.get(key)
  }
}

/** Functions that need the machine's network, or its files behind Node's back. */
const PARTLY_REFUSED: Readonly<Record<string, readonly string[]>> = {
  http2: ['createServer', 'createSecureServer', 'connect'],
  tls: ['createServer', 'connect'],
  sqlite: ['DatabaseSync', 'StatementSync', 'backup'],
}

function withRefused(name: string, functions: readonly string[], importer: string) {
  const refusing = functions.map((each) => {
    const refuse = function refuse() {
      throw refusal(`${each} of node:${name}`, importer)
    }
    return [each, refuse] as const
  })
  return { ...real(name), ...Object.fromEntries(refusing) }
}

const require = module.createRequire(import.meta.url)
const real = (name: string): object => require(`node:${name}`) as object

function hostedOs(temporaryFolder: string) {
  return {
    ...os,
    hostname: () => 'server.test',
    tmpdir: () => temporaryFolder,
    homedir: () => temporaryFolder,
    uptime: () => 3600,
    loadavg: () => [0, 0, 0],
    freemem: () => 4e9,
    totalmem: () => 8e9,
    availableParallelism: () => 1,
    cpus: () => os.cpus().slice(0, 1),
    networkInterfaces: () => ({}),
    userInfo: () => ({ ...os.userInfo(), username: 'server', homedir: temporaryFolder }),
  }
}

function hostedModule({ createRequire }: BuiltinPlace) {
  class Module extends module.Module {}
  return Object.assign(Module, {
    ...module.Module,
    Module,
    createRequire,
    builtinModules: module.builtinModules,
    isBuiltin: module.isBuiltin,
  })
}
