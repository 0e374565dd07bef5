import { builtinModules } from 'node:module'
import { relative } from 'node:path'
import type { BuildFailure, Message } from 'esbuild'
import { messageOf, Problem } from '../../core/problem.ts'

/** Modules of Node of which npm has a version for browsers under the same name. */
const IN_NPM = new Set(['assert', 'buffer', 'events', 'process', 'string_decoder', 'url', 'util'])

/** Returns the reason why a guest's file cannot be bundled, in one line with the place. */
export function buildProblem(cause: unknown, file: string): Problem {
  const [first] = (cause as Partial<BuildFailure>).errors ?? []
  if (!first) return new Problem(`${file} cannot be bundled: ${messageOf(cause)}`)
  return new Problem(`${placeOf(first, file)}: ${reasonOf(first)}`)
}

function placeOf({ location }: Message, file: string): string {
  if (!location) return file
  const path = relative(process.cwd(), location.file)
  return `${path.startsWith('..') ? location.file : path}:${location.line}:${location.column + 1}`
}

function reasonOf({ text, location }: Message): string {
  const [, missing] = /^Could not resolve "(.+)"$/.exec(text) ?? []
  const importer = packageOf(location?.file ?? '')
  const by = importer === undefined ? '' : ` (imported by the package ${importer})`
  if (missing !== undefined) {
    const bare = missing.replace(/^node:/, '')
    if (builtinModules.includes(bare))
      return (
        `'${missing}'${by} is a module of Node, and the app runs as in a browser; ` +
        `${IN_NPM.has(bare) ? `run npm install ${bare}, or name` : 'name'} a replacement in ` +
        `package.json: "tunnelproof": { "aliases": { "${missing}": "…" } }`
      )
    return `'${missing}'${by} is not found; install it, or alias it in package.json ("tunnelproof")`
  }
  const [, native] = /^No loader is configured for "\.node" files: (.+)$/.exec(text) ?? []
  if (native !== undefined)
    return (
      `'${native}'${by} is native code, which no browser runs; use the library's build for ` +
      'browsers, or alias it in package.json ("tunnelproof": { "aliases": … })'
    )
  return text
}

/** Returns the name of the package that a file belongs to. */
function packageOf(file: string): string | undefined {
  const [, name] = /.*(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file) ?? []
  return name
}
