import { readdir } from 'node:fs/promises'
import type { Toxic } from '../toxic.ts'

const folder = new URL('../toxics/', import.meta.url)

/** Returns every toxic in the folder, by type. */
export async function allToxics(): Promise<ReadonlyMap<string, Toxic>> {
  const files = (await readdir(folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .sort()
  const modules = await Promise.all(
    files.map((name): Promise<{ default: Toxic }> => import(new URL(name, folder).href)),
  )
  return new Map(modules.map((module) => [module.default.type, module.default]))
}
