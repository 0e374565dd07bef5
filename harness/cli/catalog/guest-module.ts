import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { compileClient } from '../../guest/compile/compile-client.ts'

/** The folder of compiled guests, of this process. It is removed when the process exits. */
let folder: string | undefined
const compiled = new Map<string, Promise<string>>()

function compiledFolder(): string {
  if (folder !== undefined) return folder
  const made = mkdtempSync(join(tmpdir(), 'tunnelproof-guest-'))
  process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  folder = made
  return made
}

/** Compiles a guest's file, once. Returns the default export of the module, and its file URL. */
export async function loadGuestClient(
  path: string,
): Promise<{ readonly value: unknown; readonly url: string }> {
  const compiling =
    compiled.get(path) ?? compileClient(path, mkdtempSync(join(compiledFolder(), 'client-')))
  compiled.set(path, compiling)
  const url = await compiling
  const { default: value } = (await import(url)) as { default: unknown }
  return { value, url }
}
