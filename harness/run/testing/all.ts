import { readdirSync } from 'node:fs'
import type { Invariant } from '../../core/invariant.ts'
import type { Toxic } from '../../link/toxic.ts'

/** The default exports of a folder's files, tests aside: how tests that cannot wait for the command line's catalogue find the plug-ins. */
async function defaultsIn<Plugin>(folder: URL): Promise<Plugin[]> {
  const files = readdirSync(folder)
    .filter((file) => /^[\w-]+\.ts$/.test(file))
    .sort()
  return Promise.all(files.map(async (file) => (await import(new URL(file, folder).href)).default as Plugin))
}

export async function allToxics(): Promise<ReadonlyMap<string, Toxic>> {
  const toxics = await defaultsIn<Toxic>(new URL('../../link/toxics/', import.meta.url))
  return new Map(toxics.map((toxic) => [toxic.type, toxic]))
}

export function allInvariants(): Promise<Invariant[]> {
  return defaultsIn<Invariant>(new URL('../../invariants/', import.meta.url))
}
