import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * Returns the command that runs `script` (a file URL) with Node. Uses tsx if the script or one of
 * its `modules` is TypeScript.
 */
export function nodeCommand(script: string, modules: readonly string[]): string[] {
  const typed = [script, ...modules].some((url) => /\.[cm]?tsx?$/.test(new URL(url).pathname))
  return [
    process.execPath,
    ...(typed ? ['--import', tsx()] : []),
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
