import type { RequestOptions } from 'node:http'
import { tmpdir } from 'node:os'
import type { ServerPorts } from '../../core/server.ts'
import { hostedHttp } from './builtins/http.ts'
import { hostedBuiltins } from './builtins/index.ts'
import type { Later } from './builtins/later.ts'
import { hostedNet } from './builtins/net.ts'
import { hostedZlib } from './builtins/zlib.ts'
import { Disk } from './disk/disk.ts'
import { hostedFs } from './disk/hosted-fs.ts'
import { machineFs } from './disk/machine-fs.ts'
import type { Print } from './disk/open-files.ts'
import { syncFs } from './disk/sync-fs.ts'
import { type HostedChance, hostedChance, hostedWebCrypto } from './globals/chance.ts'
import { hostedGlobals } from './globals/index.ts'
import { hostedPerformance } from './globals/performance.ts'
import { hostedProcess } from './globals/process.ts'
import { hostedTimers } from './globals/timers.ts'
import { Life } from './life.ts'
import { hostedFetch } from './net/fetch.ts'
import { isOwnName, Listeners } from './net/listeners.ts'
import { hostedSocket, networkError } from './net/socket.ts'
import { pathOf, Realm } from './realm/realm.ts'

/** The port in the server's environment. Only its own connections know it. */
export const PORT = 8080

export interface IncarnationOptions {
  readonly ports: Omit<ServerPorts, 'checkpoint' | 'recorder'>
  /** The path of the server's file. */
  readonly file: string
  /** The folder in which the server runs. */
  readonly cwd: string
  /** Keeps transformed code for other processes. Default: it is not kept. */
  readonly codeFolder?: string | undefined
}

/** The surroundings of one incarnation of a server: its modules, its clock, its network. */
export interface Incarnation {
  readonly life: Life
  readonly realm: Realm
  readonly listeners: Listeners
  /** The folder for its data. */
  readonly folder: string
}

export function newIncarnation(options: IncarnationOptions): Incarnation {
  const { ports, file, cwd, codeFolder } = options
  const { clock, random, standstill } = ports
  const life = new Life(clock)
  const timers = hostedTimers(clock, life)
  const performance = hostedPerformance(clock)
  const chance = hostedChance(random)
  const webcrypto = hostedWebCrypto(chance, standstill)
  const later = (task: () => void) => void timers.setImmediate(task)
  const folder = ports.folder ?? FOLDERS.data
  const env = { PORT: String(PORT), HOST: '127.0.0.1', DATA_DIR: folder }
  // Real files: this process is the server's own, on the wire.
  const isOwnProcess = ports.folder !== undefined
  const process = hostedProcess({ clock, life, env, cwd, main: file, isOwnProcess })
  const print: Print = (fd, bytes) => {
    const stream = fd === 1 ? process.stdout : process.stderr
    stream.write(Buffer.from(bytes).toString())
  }
  const fs = isOwnProcess
    ? machineFs(print, later)
    : simulatedFs(options, { process, chance, later, print })

  const Socket = hostedSocket({
    clock,
    life,
    dial: (host, port) => (isOwnName(host) ? listeners.dial(port) : unreachable(host)),
  })
  const listeners = new Listeners({ life, port: PORT, newSocket: (each) => new Socket(each) })
  const connect = (to: object) => new Socket().connect(to)
  const { http, https } = hostedHttp({ clock, life, listeners, connect })
  const { createGunzip, createInflate, createBrotliDecompress } = hostedZlib(later) as never
  const fetch = hostedFetch({
    request: (url, sent: RequestOptions) =>
      (url.protocol === 'https:' ? https : http).request(url, sent),
    unpack: { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress },
  })
  const net = hostedNet({ life, listeners, Socket })
  const globals = hostedGlobals({
    ...{ clock, random, standstill, life, timers, process, performance, webcrypto, fetch },
  })
  const builtin = hostedBuiltins({
    ...{ process, timers, performance, chance, webcrypto, net, http, https, fs },
    temporaryFolder: isOwnProcess ? tmpdir() : FOLDERS.temporary,
    createRequire: (place) => realm.requireIn(pathOf(place)),
  })
  const realm = new Realm({ globals, builtin, codeFolder })
  return { life, realm, listeners, folder }
}

/** The folders that a server in the sim has to begin with. */
const FOLDERS = { data: '/server.test/data', temporary: '/server.test/tmp' }

interface FsPlace {
  readonly process: NodeJS.Process
  readonly chance: HostedChance
  readonly later: Later
  readonly print: Print
}

function simulatedFs({ ports }: IncarnationOptions, place: FsPlace) {
  const { process, chance, later, print } = place
  const disk = new Disk(ports.database, ports.clock)
  const sync = syncFs({ disk, cwd: process.cwd, chance, print })
  for (const folder of Object.values(FOLDERS)) sync.mkdir(folder, { recursive: true })
  return hostedFs(sync, later)
}

function unreachable(host: string) {
  console.warn(`there is no network for the server: it asked for ${host}`)
  return networkError('ENOTFOUND', 'getaddrinfo', host)
}
