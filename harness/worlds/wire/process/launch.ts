import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const isTypeScript = (url: string): boolean => /\.[cm]?tsx?$/.test(new URL(url).pathname)

/**
 * Returns the command that runs `script` (a file URL) with Node. Uses tsx if the script or one of
 * its `modules` is TypeScript.
 */
export function nodeCommand(script: string, modules: readonly string[]): string[] {
  const typed = [script, ...modules].some(isTypeScript)
  return [
    process.execPath,
    ...(typed ? ['--import', tsx()] : ['--enable-source-maps']),
    fileURLToPath(script),
    ...modules,
  ]
}

/** Finds tsx among our own dependencies, independent of the working directory. */
const tsx = () => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

/** Returns the URL of a file of programs/: '.js' in the package, '.ts' in the repository. */
export function programUrl(name: string): string {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
  return new URL(`../programs/${name}${extension}`, import.meta.url).href
}
