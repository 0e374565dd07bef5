import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, dirname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { refusal } from '../builtins/refused.ts'
import { compiled } from './compiled.ts'
import type { HostedGlobals } from './module-code.ts'
import { namespaceOf } from './namespace.ts'
import { type ImportKind, resolveModule } from './resolve.ts'
import type { ModuleForm } from './transform.ts'

/** Returns a module of Node as the incarnation has it. `importer` is the file that asks for it. */
export type Builtin = (name: string, importer: string) => unknown

export interface RealmOptions {
  readonly globals: HostedGlobals
  readonly builtin: Builtin
  /** Keeps transformed code for other processes. Default: it is not kept. */
  readonly codeFolder?: string | undefined
}

/** As Node's `module`. */
interface RealmModule {
  readonly id: string
  readonly filename: string
  readonly path: string
  readonly children: readonly RealmModule[]
  readonly paths: readonly string[]
  exports: unknown
  loaded: boolean
  /** Settles when a module that awaits has run to its end. */
  pending?: Promise<void>
  require?: Require
}

interface Require {
  (specifier: string): unknown
  resolve(specifier: string): string
  cache: Record<string, RealmModule>
  main: RealmModule | undefined
  extensions: Record<string, unknown>
}

/** A module was asked for at once, and awaits at its top level. */
class Awaits extends Error {
  readonly importer: string

  constructor(importer: string, path: string) {
    super(`${importer} requires ${path}, which awaits at its top level; import it instead`)
    this.importer = importer
  }
}

/**
 * The modules of one incarnation. They are loaded file by file as Node does, compiled once in this
 * process, and run with the globals and builtins of the incarnation: nothing of their state
 * outlives it.
 */
export class Realm {
  readonly #options: RealmOptions
  /** By path. Without a prototype: code may look for any name in `require.cache`. */
  readonly #modules: Record<string, RealmModule> = Object.create(null)
  readonly #esModules = new WeakSet<RealmModule>()
  #main: RealmModule | undefined

  constructor(options: RealmOptions) {
    this.#options = options
  }

  /**
   * Loads a file. Returns its exports, with `default`; as a promise if it awaits at its top level,
   * or imports a module that does.
   */
  load(path: string): unknown {
    return this.#import(path, path)
  }

  /** Loads a file for `createRequire` and the like. */
  requireIn(importer: string): Require {
    return this.#requireOf(importer, 'require')
  }

  /** Answers `require`, and the imports of modules that do not await. */
  #request(specifier: string, importer: string, kind: ImportKind): unknown {
    if (isBuiltin(specifier)) return this.#builtin(specifier, importer, kind)
    const path = resolveModule(specifier, importer, kind)
    const module = this.#moduleAt(path, importer)
    if (module.pending) throw new Awaits(importer, path)
    return kind === 'import' ? this.#namespaceOf(module) : module.exports
  }

  /** Answers `import()`, and the imports of modules that await. */
  #import(specifier: string, importer: string): unknown {
    if (isBuiltin(specifier)) return this.#builtin(specifier, importer, 'import')
    const module = this.#moduleAt(resolveModule(specifier, importer, 'import'), importer)
    return module.pending
      ? module.pending.then(() => this.#namespaceOf(module))
      : this.#namespaceOf(module)
  }

  #builtin(specifier: string, importer: string, kind: ImportKind): unknown {
    const found = this.#options.builtin(specifier.replace(/^node:/, ''), basename(importer))
    return kind === 'import' ? namespaceOf(found, false) : found
  }

  #namespaceOf(module: RealmModule): unknown {
    return namespaceOf(module.exports, this.#esModules.has(module))
  }

  #moduleAt(path: string, importer: string): RealmModule {
    const known = this.#modules[path]
    if (known) return known
    if (path.endsWith('.node')) throw refusal(`the native module ${basename(path)}`, importer)
    const module: RealmModule = {
      id: this.#main ? path : '.',
      filename: path,
      path: dirname(path),
      children: [],
      paths: [],
      exports: {},
      loaded: false,
    }
    this.#main ??= module
    this.#modules[path] = module
    try {
      this.#run(module, 'commonjs')
    } catch (error) {
      delete this.#modules[path]
      throw error
    }
    return module
  }

  #run(module: RealmModule, form: ModuleForm): void {
    const { filename: path } = module
    if (path.endsWith('.json')) {
      module.exports = JSON.parse(readFileSync(path, 'utf8'))
      module.loaded = true
      return
    }
    const { run, isModule, isAsync } = compiled(path, form, this.#options.codeFolder)
    if (isModule) this.#esModules.add(module)
    if (isAsync) module.exports = Object.defineProperty({}, '__esModule', { value: true })
    const require = this.#requireOf(path, isModule ? 'import' : 'require')
    if (!isModule) module.require = require
    const scope = {
      module,
      exports: module.exports,
      require,
      __filename: path,
      __dirname: dirname(path),
      tunnelproofImport: async (specifier: unknown) => this.#import(String(specifier), path),
      tunnelproofMeta: this.#metaOf(path),
    }
    try {
      const result = run(scope, this.#options.globals)
      if (isAsync) this.#await(module, result as Promise<void>)
      else module.loaded = true
    } catch (error) {
      // The imports come before anything else in a module: nothing of it has run yet.
      if (!isModule || !(error instanceof Awaits) || error.importer !== path) throw error
      this.#run(module, 'async')
    }
  }

  #await(module: RealmModule, result: Promise<void>): void {
    const pending = result.then(() => {
      module.loaded = true
      delete module.pending
    })
    // Whoever imports the module gets the rejection.
    pending.catch(() => {})
    module.pending = pending
  }

  #requireOf(importer: string, kind: ImportKind): Require {
    const request = (specifier: string) => this.#request(specifier, importer, kind)
    return Object.assign(request, {
      resolve: (specifier: string) =>
        isBuiltin(specifier) ? specifier : resolveModule(specifier, importer, kind),
      cache: this.#modules,
      main: this.#main,
      extensions: { '.js': undefined, '.json': undefined, '.node': undefined },
    })
  }

  #metaOf(path: string) {
    return {
      url: pathToFileURL(path).href,
      filename: path,
      dirname: dirname(path),
      resolve: (specifier: string) =>
        isBuiltin(specifier)
          ? `node:${specifier.replace(/^node:/, '')}`
          : pathToFileURL(resolveModule(specifier, path, 'import')).href,
    }
  }
}

/** Returns the path of a file URL or a path. */
export const pathOf = (place: string | URL): string =>
  String(place).startsWith('file:') ? fileURLToPath(place) : String(place)
