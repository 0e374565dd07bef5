import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { messageOf, Problem } from '../../core/problem.ts'

/** The settings of a guest, in the field `tunnelproof` of the nearest package.json. */
export interface GuestSettings {
  /** Modules to bundle instead of others. Paths are relative to the package.json. */
  readonly aliases: Readonly<Record<string, string>>
  /** Expressions to replace by code: `{ "process.env.API": "\"/api\"" }`. */
  readonly defines: Readonly<Record<string, string>>
}

const schema = z.strictObject({
  aliases: z.record(z.string(), z.string()).default({}),
  defines: z.record(z.string(), z.string()).default({}),
})

/** Reads the settings for a guest's file. Throws a Problem if they are not what is expected. */
export function guestSettings(file: string): GuestSettings {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json')
    if (existsSync(path)) return read(path)
    if (folder === dirname(folder)) return { aliases: {}, defines: {} }
  }
}

function read(path: string): GuestSettings {
  let content: { tunnelproof?: unknown }
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new Problem(`${path} is not readable as JSON: ${messageOf(cause)}`)
  }
  const parsed = schema.safeParse(content.tunnelproof ?? {})
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = ['tunnelproof', ...(issue?.path ?? [])].join('.')
    throw new Problem(
      `${path}: '${where}' expects { aliases, defines }, each with texts; ${issue?.message}`,
    )
  }
  const { aliases, defines } = parsed.data
  const placed = Object.entries(aliases).map(([name, target]) => [
    name,
    target.startsWith('.') ? resolve(dirname(path), target) : target,
  ])
  return { aliases: Object.fromEntries(placed), defines }
}
