import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Problem } from '../../core/problem.ts'
import { isWrappedDefault } from '../../core/wrapped-default.ts'
import { MODULE_ENDING } from './home.ts'
import { loadErrorText } from './load-error.ts'
import { registerTypeScript } from './register-typescript.ts'

/**
 * Returns true if an argument is a file's path, not a name: './mine.ts', 'mine.json', '/tmp/x.js'.
 */
export const isFilePath = (argument: string): boolean =>
  isAbsolute(argument) || /^\.{1,2}[/\\]/.test(argument) || /\.([cm]?[jt]sx?|json)$/.test(argument)

/** Returns the absolute path of a user's file. Throws a Problem if there is no such file. */
export function userFile(argument: string, cwd: string, kind: string): string {
  const path = resolve(cwd, argument)
  if (!existsSync(path)) throw new Problem(`${kind} '${argument}': there is no file ${path}`)
  return path
}

/**
 * Returns the default export of a user's module, and the URL by which another process imports it.
 */
export async function loadUserModule(
  path: string,
): Promise<{ readonly value: unknown; readonly url: string }> {
  await registerTypeScript(path)
  const url = pathToFileURL(path).href
  try {
    const { default: value } = (await import(url)) as { default?: unknown }
    if (!isWrappedDefault(value)) return { value, url }
    const unwrapping = new URL(`./commonjs-default${MODULE_ENDING}`, import.meta.url)
    unwrapping.searchParams.set('of', url)
    return { value: value.default, url: unwrapping.href }
  } catch (cause) {
    throw new Problem(`${path} cannot be loaded: ${loadErrorText(cause, url)}`, { cause })
  }
}
