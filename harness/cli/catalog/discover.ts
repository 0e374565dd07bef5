import { existsSync, readdirSync } from 'node:fs'
import { Problem } from '../../core/problem.ts'
import { HOME, MODULE_ENDING } from './home.ts'
import { loadErrorText } from './load-error.ts'

/** A module found in a plug-in folder. */
export interface FoundModule {
  /** The path below the folder, without its ending: 'interview/naive/index'. */
  readonly path: string
  /** File URL. */
  readonly url: string
  /** The default export; undefined if there is none. */
  readonly value: unknown
  /** All exports by name. */
  readonly exports: Readonly<Record<string, unknown>>
}

/**
 * Loads the modules of a plug-in folder in the order of their paths, with `deep` those of its
 * subfolders too. Ignores tests, the folders testing/ and golden/, and the subfolder `except`.
 */
export async function discover(
  folder: string,
  { deep = false, home = HOME, except = '' } = {},
): Promise<FoundModule[]> {
  const found: FoundModule[] = []
  for (const file of filesIn(new URL(`${folder}/`, home), { deep, except })) {
    const path = modulePath(file)
    if (path === undefined) continue
    const { href } = new URL(`${folder}/${file}`, home)
    const exports = await load(href, `${folder}/${file}`)
    found.push({ path, url: href, value: exports.default, exports })
  }
  return found
}

/**
 * Returns the paths of the files in a folder, sorted by code unit: equal on any machine. Does not
 * read the subfolder `except`: packages may be installed there, and their files are many.
 */
export function filesIn(folder: URL, { deep = false, except = '' } = {}): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== except)
    .flatMap((entry) => {
      if (!deep || !entry.isDirectory()) return [entry.name]
      const below = readdirSync(new URL(`${entry.name}/`, folder), { recursive: true })
      return [entry.name, ...below.map((path) => `${entry.name}/${path}`.replaceAll('\\', '/'))]
    })
    .sort()
}

async function load(href: string, name: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(href)) as Readonly<Record<string, unknown>>
  } catch (cause) {
    throw new Problem(`${name} cannot be loaded: ${loadErrorText(cause, href)}`, { cause })
  }
}

function modulePath(file: string): string | undefined {
  const endings = MODULE_ENDING === '.ts' ? ['.ts', '.tsx'] : ['.js']
  const ending = endings.find((candidate) => file.endsWith(candidate))
  if (!ending || /\.(test|contract|d)\.tsx?$/.test(file) || /(^|\/)(testing|golden)\//.test(file))
    return undefined
  return file.slice(0, -ending.length)
}
