import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The command that runs `script` (a file URL) with Node: as it is when it and `modules` are JavaScript, with tsx when one of them is TypeScript. */
export function nodeCommand(script: string, modules: readonly string[]): string[] {
  const typed = [script, ...modules].some((url) => /\.[cm]?tsx?$/.test(new URL(url).pathname))
  return [
    process.execPath,
    ...(typed ? ['--import', tsx()] : []),
    fileURLToPath(script),
    ...modules,
  ]
}

/** Ours, wherever we are called from. */
const tsx = () => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

/** The URL of a script beside this file: '.js' where this file is compiled, '.ts' where it is not. */
export function hostScript(name: string): string {
  return new URL(
    `../programs/${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
    import.meta.url,
  ).href
}
