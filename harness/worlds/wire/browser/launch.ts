import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import type { Readable, Writable } from 'node:stream'
import { DevToolsPipe } from './pipe.ts'

/** In bytes, without the zero at the end: of macOS, which allows fewer than Linux. */
const SOCKET_PATH_MAX = 103

export interface LaunchOptions {
  readonly executable: string
  /** The folder of its profile. */
  readonly profile: string
  /** The folder for its temporary files. */
  readonly temporary: string
  readonly timeScale: number
}

export interface Chromium {
  readonly pipe: DevToolsPipe
  /** The address at which Playwright connects. */
  readonly endpoint: string
  /** Resolves when the browser has exited: 'SIGSEGV', 'exit code 1'. */
  readonly exited: Promise<string>
}

/**
 * Starts Chromium in the process group of this process: who kills the group kills the browser with
 * all its processes. Rejects if it exits before it can be driven.
 */
export async function launchChromium(options: LaunchOptions): Promise<Chromium> {
  const { executable } = options
  const child = spawn(executable, argumentsOf(options), {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...temporaryFiles(options.temporary) },
  })
  const exited = exitOf(child)
  const [, , stderr, input, output] = child.stdio as unknown as [
    null,
    null,
    Readable,
    Writable,
    Readable,
  ]
  const pipe = new DevToolsPipe(input, output)
  const endpoint = await Promise.race([endpointIn(stderr), exited.then(() => undefined)])
  if (endpoint === undefined) throw new Error(`${executable} does not start: ${await exited}`)
  return { pipe, endpoint, exited }
}

/**
 * Returns the environment by which Chromium keeps its temporary files in `folder`, where they are
 * removed however it ends. It has a socket there, whose path must be short.
 */
function temporaryFiles(folder: string): NodeJS.ProcessEnv {
  const socket = join(folder, 'org.chromium.Chromium.XXXXXX', 'SingletonSocket')
  return Buffer.byteLength(socket) > SOCKET_PATH_MAX ? {} : { TMPDIR: folder }
}

function argumentsOf({ profile, timeScale }: LaunchOptions): string[] {
  return [
    '--headless=new',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    // The pipe is ours, the port is Playwright's.
    '--remote-debugging-pipe',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--hide-crash-restore-bubble',
    '--password-store=basic',
    '--use-mock-keychain',
    // Nothing but the app uses the network, and nothing but the server under test is reached.
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-extensions',
    '--disable-sync',
    '--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication',
    '--no-proxy-server',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    // A phone in a hand: the page is in front, and its timers are not slowed down.
    '--disable-background-timer-throttling',
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
    '--disable-breakpad',
    '--disable-dev-shm-usage',
    '--disable-gpu',
    '--mute-audio',
    ...backgroundSync(timeScale),
    'about:blank',
  ]
}

/**
 * Divides Chromium's own waits around a Background Sync by the time scale. It tries an event three
 * times, the second time after 5 minutes and the third after 15.
 */
function backgroundSync(timeScale: number): string[] {
  if (timeScale === 1) return []
  const seconds = (minutes: number) => Math.max(1, Math.round((minutes * 60) / timeScale))
  const waits = {
    initial_retry_delay_sec: seconds(5),
    min_recovery_time_sec: seconds(6),
    max_sync_event_duration_sec: Math.max(10, seconds(3)),
  }
  const values = Object.entries(waits).flat().join('/')
  return [
    '--force-fieldtrials=BackgroundSync/Scaled',
    `--force-fieldtrial-params=BackgroundSync.Scaled:${values}`,
  ]
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
}

/** Resolves to the address in 'DevTools listening on ws://…'. Drops what else it prints. */
function endpointIn(stderr: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    stderr.setEncoding('utf8').on('data', (piece: string) => {
      text = (text + piece).slice(-10_000)
      const [, endpoint] = /DevTools listening on (ws:\S+)\s/.exec(text) ?? []
      if (endpoint !== undefined) resolve(endpoint)
    })
  })
}
