import { existsSync, readFileSync } from 'node:fs'

/** The folder that holds harness/, scenarios/, clients/ …: the clone, or the installed package's dist/. */
export const HOME = new URL('../../../', import.meta.url)

/** Running from the sources rather than from what they were compiled to. */
export const IN_CLONE = import.meta.url.endsWith('.ts')

/** The ending of our modules here. */
export const MODULE_ENDING = IN_CLONE ? '.ts' : '.js'

/** 'tunnelproof 0.1.0' */
export function toolName(): string {
  const beside = new URL('package.json', HOME)
  const { name, version } = JSON.parse(
    readFileSync(existsSync(beside) ? beside : new URL('../package.json', HOME), 'utf8'),
  )
  return `${name} ${version}`
}
