import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { messageOf, Problem } from '../../core/problem.ts'
import { MODULE_ENDING } from './home.ts'
import { registerTypeScript } from './register-typescript.ts'

/** Whether an argument means a file rather than a name of ours: './mine.ts', 'mine.json', '/tmp/x.js'. */
export const isFilePath = (given: string): boolean =>
  isAbsolute(given) || /^\.{1,2}[/\\]/.test(given) || /\.([cm]?[jt]sx?|json)$/.test(given)

/** The absolute path of a user's file. Throws a Problem when there is none. */
export function userFile(given: string, cwd: string, what: string): string {
  const path = resolve(cwd, given)
  if (!existsSync(path)) throw new Problem(`${what} '${given}': there is no file ${path}`)
  return path
}

/** The default export of a user's module, and the URL by which another process gets the same. */
export async function loadUserModule(
  path: string,
): Promise<{ readonly value: unknown; readonly url: string }> {
  await registerTypeScript(path)
  const url = pathToFileURL(path).href
  try {
    const { default: value } = (await import(url)) as { default?: unknown }
    if (!isWrapped(value)) return { value, url }
    const unwrapping = new URL(`./commonjs-default${MODULE_ENDING}`, import.meta.url)
    unwrapping.searchParams.set('of', url)
    return { value: value.default, url: unwrapping.href }
  } catch (cause) {
    throw new Problem(`${path} cannot be loaded: ${messageOf(cause).split('\n')[0]}`, { cause })
  }
}

/** What a CommonJS module that was written with `export default` looks like from outside. */
function isWrapped(value: unknown): value is { readonly default: unknown } {
  return typeof value === 'object' && value !== null && '__esModule' in value && 'default' in value
}
