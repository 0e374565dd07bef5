import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, extname, join, parse } from 'node:path'
import type * as Esbuild from 'esbuild'
import { messageOf } from '../../../core/problem.ts'
import { asyncBody } from './async-module.ts'
import { keepFile } from './keep-file.ts'

export interface TransformedCode {
  readonly code: string
  /** True if it came from an ES module: it imports in another way than CommonJS requires. */
  readonly isModule: boolean
  /** True if the code is the body of an async function. */
  readonly isAsync: boolean
}

const TYPESCRIPT = /\.[cm]?tsx?$/
const LOADERS: Readonly<Record<string, Esbuild.TransformOptions['loader']>> = {
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

/** The form into which a module is brought: 'async' for one that awaits, or imports such a one. */
export type ModuleForm = 'commonjs' | 'async'

/**
 * Turns a file into CommonJS, if it is not that already. What was transformed is kept in `folder`
 * for other processes.
 */
export function transformed(
  path: string,
  form: ModuleForm,
  folder: string | undefined,
): TransformedCode {
  const source = readFileSync(path, 'utf8')
  const isModule = isModuleFile(path, source)
  if (!isModule && !LOADERS[extname(path)] && !DYNAMIC_IMPORT.test(source))
    return { code: source, isModule, isAsync: false }
  const kept =
    folder === undefined ? undefined : join(folder, `${hashOf(path, source)}-${form}.json`)
  if (kept !== undefined && existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8'))
  const made = transform({ path, source, isModule, form })
  if (kept !== undefined) keepFile(kept, JSON.stringify(made))
  return made
}

const hashOf = (path: string, source: string) =>
  createHash('sha256').update(`${path}\n${source}`).digest('hex').slice(0, 32)

interface Source {
  readonly path: string
  readonly source: string
  readonly isModule: boolean
  readonly form: ModuleForm
}

const TOP_LEVEL_AWAIT = /Top-level await is currently not supported/

/** Loaded when it is needed: most processes find the code transformed. */
const esbuild = () => createRequire(import.meta.url)('esbuild') as typeof Esbuild

function transform({ path, source, isModule, form }: Source): TransformedCode {
  const options: Esbuild.TransformOptions = {
    loader: LOADERS[extname(path)] ?? 'js',
    platform: 'node',
    target: `node${process.versions.node}`,
    // Not as .mjs: `default` of a CommonJS module is added by the realm.
    sourcefile: path.replace(/\.[cm]([jt]s)$/, '.$1'),
    sourcemap: 'inline',
    sourcesContent: false,
    legalComments: 'none',
    define: { 'import.meta': 'tunnelproofMeta' },
    tsconfigRaw: TYPESCRIPT.test(path) ? tsconfig(dirname(path)) : '{}',
    logLevel: 'silent',
  }
  const supported = { 'dynamic-import': false }
  const commonJs = () => {
    const { code } = esbuild().transformSync(source, { ...options, supported, format: 'cjs' })
    return { code: withFirstLine(isModule ? "'use strict';" : '', code), isModule, isAsync: false }
  }
  const asyncModule = () => {
    // No text may look like a statement.
    const plain = { ...supported, 'template-literal': false }
    const { code } = esbuild().transformSync(source, {
      ...options,
      supported: plain,
      format: 'esm',
    })
    const { first, body } = asyncBody(code)
    return { code: withFirstLine(`'use strict';${first}`, body), isModule, isAsync: true }
  }
  const withImports = (made: TransformedCode) => ({
    ...made,
    code: made.code.replaceAll(
      /Promise\.resolve\(\)\.then\(\(\) => __toESM\(require\(/g,
      'tunnelproofImport(((',
    ),
  })
  if (form === 'async' && isModule) return withImports(asyncModule())
  try {
    return withImports(commonJs())
  } catch (error) {
    if (!isModule || !TOP_LEVEL_AWAIT.test(messageOf(error))) throw syntaxError(error, path)
    return withImports(asyncModule())
  }
}

/** Returns the error with its place first: 'server.ts:2:6: Expected identifier but found "="'. */
function syntaxError(cause: unknown, path: string): unknown {
  const [first] = (cause as Partial<Esbuild.TransformFailure>).errors ?? []
  if (!first?.location) return cause
  const { line, column } = first.location
  return new SyntaxError(`${basename(path)}:${line}:${column}: ${first.text}`, { cause })
}

const SOURCE_MAP = /(\/\/# sourceMappingURL=data:application\/json;base64,)(\S+)\s*$/

/** Adds a line before the code, and to its source map. */
function withFirstLine(line: string, code: string): string {
  const mapped = code.replace(SOURCE_MAP, (_all, before: string, encoded: string) => {
    const map = JSON.parse(Buffer.from(encoded, 'base64').toString()) as { mappings: string }
    const moved = JSON.stringify({ ...map, mappings: `;${map.mappings}` })
    return `${before}${Buffer.from(moved).toString('base64')}\n`
  })
  return `${line}\n${mapped}`
}

/** Returns the text of the nearest tsconfig.json. */
function tsconfig(folder: string): string {
  const file = join(folder, 'tsconfig.json')
  if (existsSync(file)) return readFileSync(file, 'utf8')
  return folder === parse(folder).root ? '{}' : tsconfig(dirname(folder))
}
