import { readdir } from 'node:fs/promises'
import type { Effect } from '../../core/effect.ts'

const folder = new URL('../', import.meta.url)

/** Loads every effect of the folder, by the name of its file. */
export async function allEffects(): Promise<ReadonlyMap<string, Effect>> {
  const files = (await readdir(folder)).filter((name) => /^[a-z-]+\.ts$/.test(name)).sort()
  const entries = files.map(async (file): Promise<[string, Effect]> => {
    const module: { default: Effect } = await import(new URL(file, folder).href)
    return [file.slice(0, -'.ts'.length), module.default]
  })
  return new Map(await Promise.all(entries))
}
