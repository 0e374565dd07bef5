import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { networkInterfaces } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Problem } from '../../../core/problem.ts'

export type Playwright = Pick<typeof import('playwright-core'), 'chromium'>

/** The packages that have `chromium`, and the places from which they may be installed. */
const PACKAGES = ['playwright-core', 'playwright']

/** The names of Chromium and its kin on the PATH, and where macOS installs them. */
const COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
]
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/**
 * Loads Playwright from the packages of a device's file, or from our own.
 *
 * @param module file URL of the device's file
 * @throws Problem if it is not installed
 */
export async function loadPlaywright(module: string): Promise<Playwright> {
  for (const from of [module, import.meta.url]) {
    for (const name of PACKAGES) {
      const path = resolved(name, from)
      if (path === undefined) continue
      const loaded = (await import(pathToFileURL(path).href)) as Playwright & {
        readonly default?: Playwright
      }
      return loaded.chromium ? loaded : (loaded.default ?? loaded)
    }
  }
  throw new Problem(
    '--client browser: expects the package playwright-core, which is not installed; ' +
      'install it with: npm install --save-dev playwright-core',
  )
}

function resolved(name: string, from: string): string | undefined {
  try {
    return createRequire(from).resolve(name)
  } catch {
    return undefined
  }
}

/**
 * Returns the path of a Chromium: that of the variable CHROMIUM, or the one that Playwright has
 * downloaded, or one that is installed.
 *
 * @throws Problem if there is none
 */
export function findChromium({ chromium }: Playwright, env: NodeJS.ProcessEnv): string {
  const { CHROMIUM, PATH = '' } = env
  if (CHROMIUM) {
    if (existsSync(CHROMIUM)) return CHROMIUM
    throw new Problem(`CHROMIUM expects the path of a Chromium; there is no file ${CHROMIUM}`)
  }
  const folders = PATH.split(delimiter).filter((folder) => folder !== '')
  const onPath = COMMANDS.flatMap((name) => folders.map((folder) => join(folder, name)))
  const found = [chromium.executablePath(), ...onPath, ...APPLICATIONS].find(existsSync)
  if (found !== undefined) return found
  throw new Problem(
    '--client browser: expects a Chromium, and none was found; ' +
      'install Chromium or Google Chrome, or set CHROMIUM to its path',
  )
}

/**
 * Refuses a machine on which Chromium would report to every app that it is offline.
 *
 * @throws Problem
 */
export function requireNetwork(interfaces = networkInterfaces()): void {
  const addresses = Object.values(interfaces).flatMap((each) => each ?? [])
  if (addresses.some(({ internal }) => !internal)) return
  throw new Problem(
    '--client browser: expects a network interface besides loopback (it need not lead anywhere): ' +
      'without one, Chromium reports to the app that it is offline',
  )
}
