import { readdir } from 'node:fs/promises'
import type { Invariant } from '../../core/invariant.ts'

const folder = new URL('../', import.meta.url)

/**
 * Imports all invariants of the folder. `file` is the name of a file without `.ts`; sorts by it.
 */
export async function invariantsByFile(): Promise<
  { readonly file: string; readonly invariant: Invariant }[]
> {
  const files = (await readdir(folder)).filter((name) => /^[a-z-]+\.ts$/.test(name)).sort()
  return Promise.all(
    files.map(async (name) => {
      const { default: invariant }: { default: Invariant } = await import(
        new URL(name, folder).href
      )
      return { file: name.replace(/\.ts$/, ''), invariant }
    }),
  )
}

export async function allInvariants(): Promise<Invariant[]> {
  return (await invariantsByFile()).map(({ invariant }) => invariant)
}
