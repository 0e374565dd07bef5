import { existsSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, resolve as resolvePath } from 'node:path'
import { fileURLToPath } from 'node:url'
import { resolveImport } from './resolve-import.ts'

/** The way in which a module names another one: Node resolves packages accordingly. */
export type ImportKind = 'import' | 'require'

const ENDINGS = ['.js', '.json', '.node', '.ts', '.tsx', '.mjs', '.cjs', '.mts', '.cts']
/** TypeScript names the file that would be compiled. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
}

/** Returns the path of the file that `specifier` means in `importer`. Throws as Node does. */
export function resolveModule(specifier: string, importer: string, kind: ImportKind): string {
  const name = specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier
  if (/^(?:\.{1,2}(?:\/|$)|\/)/.test(name)) {
    const found = fileAt(resolvePath(dirname(importer), name))
    if (found !== undefined) return realpathSync(found)
  } else if (kind === 'import') {
    const found = resolveImport(name, importer)
    if (found !== undefined) return realpathSync(fileAt(found) ?? found)
  }
  return createRequire(importer).resolve(name)
}

function fileAt(path: string): string | undefined {
  if (isFile(path)) return path
  const ending = extname(path)
  const stem = path.slice(0, path.length - ending.length)
  const source = SOURCES[ending]?.map((other) => `${stem}${other}`).find(isFile)
  return source ?? ENDINGS.map((added) => `${path}${added}`).find(isFile) ?? indexOf(path)
}

function indexOf(folder: string): string | undefined {
  // A folder with a package.json is resolved by Node.
  if (existsSync(`${folder}/package.json`)) return undefined
  return ENDINGS.map((ending) => `${folder}/index${ending}`).find(isFile)
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true
