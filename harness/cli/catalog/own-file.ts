import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { messageOf, Problem } from '../../core/problem.ts'
import { acceptTypeScript } from './typescript.ts'

/** Whether an argument means a file rather than a name of ours: './mine.ts', 'mine.json', '/tmp/x.js'. */
export const looksLikeFile = (given: string): boolean =>
  isAbsolute(given) || /^\.{1,2}[/\\]/.test(given) || /\.([cm]?[jt]sx?|json)$/.test(given)

/** The absolute path of a user's file. Throws a Problem when there is none. */
export function ownFile(given: string, cwd: string, what: string): string {
  const path = resolve(cwd, given)
  if (!existsSync(path)) throw new Problem(`${what} '${given}': there is no file ${path}`)
  return path
}

/** The default export of a user's module. */
export async function ownModule(path: string): Promise<{ readonly value: unknown; readonly url: string }> {
  await acceptTypeScript(path)
  const url = pathToFileURL(path).href
  try {
    const { default: value } = (await import(url)) as { default?: unknown }
    return { value, url }
  } catch (cause) {
    throw new Problem(`${path} cannot be loaded: ${messageOf(cause).split('\n')[0]}`, { cause })
  }
}
