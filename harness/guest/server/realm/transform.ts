import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, parse } from 'node:path'
import type { TransformOptions } from 'esbuild'
import { transformSync } from 'esbuild'

export interface TransformedCode {
  readonly code: string
  /** True if it came from an ES module: it imports in another way than CommonJS requires. */
  readonly isModule: boolean
}

const TYPESCRIPT = /\.[cm]?tsx?$/
const LOADERS: Readonly<Record<string, TransformOptions['loader']>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
}
const MODULE_SYNTAX = /^\s*(?:import\b(?!\s*\()|export\b)/m
const DYNAMIC_IMPORT = /\bimport\s*\(/

/** Returns true for code that Node would load as an ES module. */
function isModuleFile(path: string, code: string): boolean {
  if (/\.m[jt]s$/.test(path)) return true
  if (/\.c[jt]s$/.test(path)) return false
  const type = packageType(dirname(path))
  if (type !== undefined || TYPESCRIPT.test(path)) return type === 'module'
  // As Node does where no type is declared.
  return MODULE_SYNTAX.test(code)
}

const packageTypes = new Map<string, string | undefined>()

/** Returns `type` of the nearest package.json; undefined if there is none. */
function packageType(folder: string): string | undefined {
  if (packageTypes.has(folder)) return packageTypes.get(folder)
  const file = join(folder, 'package.json')
  const type = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { type?: string }).type
    : folder === dirname(folder) || folder.endsWith('/node_modules')
      ? undefined
      : packageType(dirname(folder))
  packageTypes.set(folder, type)
  return type
}

/**
 * Turns a file into CommonJS, if it is not that already. What was transformed is kept in `folder`
 * for other processes.
 */
export function transformed(path: string, folder: string | undefined): TransformedCode {
  const source = readFileSync(path, 'utf8')
  const isModule = isModuleFile(path, source)
  if (!isModule && !LOADERS[extname(path)] && !DYNAMIC_IMPORT.test(source))
    return { code: source, isModule }
  const kept = folder === undefined ? undefined : join(folder, `${hashOf(path, source)}.js`)
  if (kept !== undefined && existsSync(kept)) return { code: readFileSync(kept, 'utf8'), isModule }
  const code = transform(path, source, isModule)
  if (kept !== undefined) keep(kept, code)
  return { code, isModule }
}

const hashOf = (path: string, source: string) =>
  createHash('sha256').update(`${path}\n${source}`).digest('hex').slice(0, 32)

function keep(file: string, code: string): void {
  mkdirSync(dirname(file), { recursive: true })
  // Another process may read it at this moment.
  const written = `${file}.${process.pid}`
  writeFileSync(written, code)
  renameSync(written, file)
}

function transform(path: string, source: string, isModule: boolean): string {
  const { code } = transformSync(source, {
    loader: LOADERS[extname(path)] ?? 'js',
    format: 'cjs',
    platform: 'node',
    target: `node${process.versions.node}`,
    // Not as .mjs: `default` of a CommonJS module is added by the realm.
    sourcefile: path.replace(/\.[cm]([jt]s)$/, '.$1'),
    sourcemap: 'inline',
    sourcesContent: false,
    supported: { 'dynamic-import': false },
    define: { 'import.meta': 'tunnelproofMeta' },
    tsconfigRaw: TYPESCRIPT.test(path) ? tsconfig(dirname(path)) : '{}',
    logLevel: 'silent',
  })
  const imported = code.replaceAll(
    /Promise\.resolve\(\)\.then\(\(\) => __toESM\(require\(/g,
    'tunnelproofImport((',
  )
  return isModule ? `'use strict';${imported}` : imported
}

/** Returns the text of the nearest tsconfig.json. */
function tsconfig(folder: string): string {
  const file = join(folder, 'tsconfig.json')
  if (existsSync(file)) return readFileSync(file, 'utf8')
  return folder === parse(folder).root ? '{}' : tsconfig(dirname(folder))
}
