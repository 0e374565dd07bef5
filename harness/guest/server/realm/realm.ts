import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, dirname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { refusal } from '../builtins/refused.ts'
import { compiled } from './compiled.ts'
import type { HostedGlobals } from './module-code.ts'
import { namespaceOf } from './namespace.ts'
import { type ImportKind, resolveModule } from './resolve.ts'

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
  require?: Require
}

interface Require {
  (specifier: string): unknown
  resolve(specifier: string): string
  cache: Record<string, RealmModule>
  main: RealmModule | undefined
  extensions: Record<string, unknown>
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

  /** Loads the server's file. Returns its exports, with `default`. */
  load(path: string): unknown {
    return this.#namespaceAt(path)
  }

  /** Loads a file for `createRequire` and the like. */
  requireIn(importer: string): Require {
    return this.#requireOf(importer, 'require')
  }

  #request(specifier: string, importer: string, kind: ImportKind): unknown {
    const name = specifier.replace(/^node:/, '')
    if (isBuiltin(specifier)) {
      const found = this.#options.builtin(name, basename(importer))
      return kind === 'import' ? namespaceOf(found, false) : found
    }
    const path = resolveModule(specifier, importer, kind)
    return kind === 'import' ? this.#namespaceAt(path) : this.#moduleAt(path, importer).exports
  }

  #namespaceAt(path: string): unknown {
    const module = this.#moduleAt(path, path)
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
      this.#run(module)
    } catch (error) {
      delete this.#modules[path]
      throw error
    }
    module.loaded = true
    return module
  }

  #run(module: RealmModule): void {
    const { filename: path } = module
    if (path.endsWith('.json')) {
      module.exports = JSON.parse(readFileSync(path, 'utf8'))
      return
    }
    const { run, isModule } = compiled(path, this.#options.codeFolder)
    if (isModule) this.#esModules.add(module)
    const require = this.#requireOf(path, isModule ? 'import' : 'require')
    if (!isModule) module.require = require
    run(
      {
        module,
        exports: module.exports,
        require,
        __filename: path,
        __dirname: dirname(path),
        tunnelproofImport: (specifier) => this.#import(String(specifier), path),
        tunnelproofMeta: this.#metaOf(path),
      },
      this.#options.globals,
    )
  }

  async #import(specifier: string, importer: string): Promise<unknown> {
    return this.#request(specifier, importer, 'import')
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
