import { Module } from 'node:module'

/** The names that a module's code sees besides the globals of this process. */
export interface ModuleScope {
  readonly module: unknown
  readonly exports: unknown
  readonly require: unknown
  readonly __filename: string
  readonly __dirname: string
  /** `import()` */
  readonly tunnelproofImport: (specifier: string) => Promise<unknown>
  /** `import.meta` */
  readonly tunnelproofMeta: unknown
}

const SCOPE_NAMES = [
  'module',
  'exports',
  'require',
  '__filename',
  '__dirname',
  'tunnelproofImport',
  'tunnelproofMeta',
] as const satisfies readonly (keyof ModuleScope)[]

/** The globals that each incarnation has of its own. */
export const HOSTED_GLOBALS = [
  'globalThis',
  'global',
  'process',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'Date',
  'Math',
  'performance',
  'crypto',
  'fetch',
  'AbortSignal',
  'WebAssembly',
] as const

export type HostedGlobals = Readonly<Record<(typeof HOSTED_GLOBALS)[number], unknown>>

/** A module's code: compiled once, and run for each incarnation. */
export type ModuleCode = (scope: ModuleScope, globals: HostedGlobals) => unknown

type Compiled = (this: unknown, ...args: unknown[]) => unknown

/**
 * Compiles code as a function whose parameters shadow the globals. The code has a scope of its own
 * in it: it may declare a `WebSocket` itself. Line numbers stay, and Node applies a source map that
 * the code ends with.
 */
export function moduleCode(path: string, code: string, { isAsync = false } = {}): ModuleCode {
  const names = [...SCOPE_NAMES, ...HOSTED_GLOBALS].join(',')
  const inner = isAsync ? 'async function' : 'function'
  const before = `module.exports=function(${names}){return (${inner} (){`
  // As require() compiles: Node reads the source map then.
  const holder = new Module(path) as Module & { _compile(code: string, path: string): void }
  const script = code.replace(/^#!/, '//')
  holder._compile(`${before}${script}\n}).call(this)}`, path)
  const run = holder.exports as Compiled
  return (scope, globals) =>
    run.call(
      scope.exports,
      ...SCOPE_NAMES.map((name) => scope[name]),
      ...HOSTED_GLOBALS.map((name) => globals[name]),
    )
}
