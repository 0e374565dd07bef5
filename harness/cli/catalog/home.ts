import { existsSync, readFileSync } from 'node:fs'

/**
 * The folder that holds harness/, scenarios/, clients/ …: the clone, or dist/ of the installed
 * package.
 */
export const HOME = new URL('../../../', import.meta.url)

/** True if the sources are running, false if compiled code is. */
export const IN_CLONE = import.meta.url.endsWith('.ts')

/** The file ending of our modules. */
export const MODULE_ENDING = IN_CLONE ? '.ts' : '.js'

/** Returns name and version: 'tunnelproof 0.1.0'. */
export function toolName(): string {
  const inClone = new URL('package.json', HOME)
  const { name, version } = JSON.parse(
    readFileSync(existsSync(inClone) ? inClone : new URL('../package.json', HOME), 'utf8'),
  )
  return `${name} ${version}`
}
