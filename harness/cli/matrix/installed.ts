import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { shownPath } from '../execute/run-folder.ts'

/**
 * Returns why a library in this version cannot be played from a folder, and what to do; undefined
 * if it is installed.
 */
export function whyNotInstalled(
  library: string,
  version: string,
  folder: string,
  cwd: string,
): string | undefined {
  const manifest = nearest(folder, join('node_modules', library, 'package.json'))
  if (manifest === undefined) {
    const home = nearest(folder, 'package.json')
    const place = home === undefined ? '.' : shownPath(dirname(home), cwd)
    return `${library} ${version} is not installed: npm ci --prefix ${place}`
  }
  const { version: installed } = JSON.parse(readFileSync(manifest, 'utf8')) as { version?: string }
  if (installed === version) return undefined
  return `${library} ${version} is expected, ${installed} is installed: change 'version', then --update`
}

/** Returns the path of the file in this folder or in the closest one above that has it. */
function nearest(folder: string, file: string): string | undefined {
  const path = join(folder, file)
  if (existsSync(path)) return path
  const above = dirname(folder)
  return above === folder ? undefined : nearest(above, file)
}
