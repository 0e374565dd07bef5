import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The conditions under which Node reads `exports` and `imports` for an import. */
const CONDITIONS = new Set(['node', 'import', 'module-sync', 'default'])

type Target = string | null | readonly Target[] | { readonly [key: string]: Target }

interface Manifest {
  readonly name?: string
  readonly main?: string
  readonly exports?: Target
  readonly imports?: Readonly<Record<string, Target>>
}

/**
 * Returns the path that a package's name means in an import, by `exports` and `imports` of
 * package.json; undefined if Node's resolution for `require` leads to the same file. Node itself
 * resolves imports for its own loader only.
 */
export function resolveImport(name: string, importer: string): string | undefined {
  const own = nearestPackage(dirname(importer))
  if (name.startsWith('#')) {
    const imports = own?.manifest.imports
    return own && imports && within(own.folder, match(name, imports), importer)
  }
  const [, packageName = name, rest = ''] = /^((?:@[^/]+\/)?[^/]+)(.*)$/.exec(name) ?? []
  const isSelf = own?.manifest.name === packageName && own.manifest.exports !== undefined
  const found = isSelf ? own : installedPackage(packageName, dirname(importer))
  const exported = found?.manifest.exports
  if (!found || exported === undefined || exported === null) return undefined
  const target = match(`.${rest}`, subpaths(exported))
  return within(found.folder, target, importer)
}

interface Package {
  readonly folder: string
  readonly manifest: Manifest
}

const manifests = new Map<string, Manifest | undefined>()

function packageAt(folder: string): Package | undefined {
  if (!manifests.has(folder)) {
    const file = join(folder, 'package.json')
    const manifest = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
    manifests.set(folder, manifest as Manifest | undefined)
  }
  const manifest = manifests.get(folder)
  return manifest && { folder, manifest }
}

function nearestPackage(folder: string): Package | undefined {
  const found = packageAt(folder)
  if (found || folder === dirname(folder)) return found
  return nearestPackage(dirname(folder))
}

function installedPackage(name: string, folder: string): Package | undefined {
  const found = packageAt(join(folder, 'node_modules', name))
  if (found || folder === dirname(folder)) return found
  return installedPackage(name, dirname(folder))
}

/** Returns `exports` with a key for each subpath: '.' and './feature'. */
function subpaths(exported: Target): Readonly<Record<string, Target>> {
  const isMap =
    typeof exported === 'object' &&
    exported !== null &&
    Object.keys(exported).some((key) => key.startsWith('.'))
  return isMap ? (exported as Readonly<Record<string, Target>>) : { '.': exported }
}

/** Returns the target of a subpath: that of the same name, or of the longest pattern. */
function match(name: string, map: Readonly<Record<string, Target>>): string | undefined {
  if (Object.hasOwn(map, name) && !name.includes('*')) return select(map[name] ?? null, '')
  const patterns = Object.keys(map)
    .filter((key) => key.includes('*'))
    .sort((a, b) => b.indexOf('*') - a.indexOf('*') || b.length - a.length)
  for (const pattern of patterns) {
    const [before = '', after = ''] = pattern.split('*')
    if (!name.startsWith(before) || !name.endsWith(after)) continue
    if (name.length < pattern.length) continue
    const part = name.slice(before.length, name.length - after.length)
    return select(map[pattern] ?? null, part)
  }
  return undefined
}

/** Returns the first target whose conditions hold. */
function select(target: Target, part: string): string | undefined {
  if (target === null) return undefined
  if (typeof target === 'string') return target.replaceAll('*', part)
  const choices = Array.isArray(target)
    ? (target as readonly Target[])
    : Object.entries(target).flatMap(([key, value]) => (CONDITIONS.has(key) ? [value] : []))
  for (const choice of choices) {
    const selected = select(choice, part)
    if (selected !== undefined) return selected
  }
  return undefined
}

/** A target of `imports` may be another package. */
function within(folder: string, target: string | undefined, importer: string): string | undefined {
  if (target === undefined) return undefined
  return target.startsWith('./') ? join(folder, target) : resolveImport(target, importer)
}
