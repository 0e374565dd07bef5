import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { Problem } from '../../core/problem.ts'

/** The file of a row. */
export interface RowFile {
  /** 'pouchdb' for pouchdb/expected.json, 'rxdb/memory' for rxdb/expected.memory.json. */
  readonly name: string
  /** The absolute path of the file, and of its folder. */
  readonly file: string
  readonly folder: string
}

/**
 * Finds the rows of a matrix: in the folder itself, or in its sub-folders. Sorted by folder; in a
 * folder expected.json comes first.
 */
export function findRows(argument: string, cwd: string): RowFile[] {
  const top = resolve(cwd, argument)
  if (!existsSync(top) || !statSync(top).isDirectory())
    throw new Problem(`matrix expects a folder of guests, got ${argument}: there is none`)
  const own = rowsIn(top)
  const rows = own.length > 0 ? own : subfolders(top).flatMap(rowsIn)
  if (rows.length > 0) return rows
  throw new Problem(
    `matrix expects a folder with expected.json, or whose sub-folders have one; ${argument} has none`,
  )
}

function subfolders(top: string): string[] {
  const entries = readdirSync(top, { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
  return folders.map(({ name }) => join(top, name)).sort()
}

function rowsIn(folder: string): RowFile[] {
  const rows = readdirSync(folder).flatMap((file) => {
    const [matches, variant] = /^expected(?:\.([\w-]+))?\.json$/.exec(file) ?? []
    if (matches === undefined) return []
    const name = basename(folder) + (variant === undefined ? '' : `/${variant}`)
    return [{ name, file: join(folder, file), folder }]
  })
  return rows.sort((a, b) => (a.name < b.name ? -1 : 1))
}
