import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { compileClient } from '../../guest/compile/compile-client.ts'
import { compileServer, type ServerFiles } from '../../guest/server/compile-server.ts'

/** The folder of compiled guests, of this process. It is removed when the process exits. */
let folder: string | undefined
const compiled = new Map<string, Promise<string>>()

/** Makes a folder for the compiled code of one guest. */
function newFolder(kind: 'client' | 'server'): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'tunnelproof-guest-'))
    process.once('exit', () => rmSync(made, { recursive: true, force: true }))
    folder = made
  }
  return mkdtempSync(join(folder, `${kind}-`))
}

/** Compiles a guest's file, once. Returns the default export of the module, and its file URL. */
export async function loadGuestClient(
  path: string,
): Promise<{ readonly value: unknown; readonly url: string }> {
  const compiling = compiled.get(path) ?? compileClient(path, newFolder('client'))
  compiled.set(path, compiling)
  const url = await compiling
  const { default: value } = (await import(url)) as { default: unknown }
  return { value, url }
}

/** Compiles a server that listens. Returns the default export of the module, and its file URL. */
export async function loadListeningServer(
  files: ServerFiles,
): Promise<{ readonly value: unknown; readonly url: string }> {
  const url = await compileServer(files, newFolder('server'))
  const { default: value } = (await import(url)) as { default: unknown }
  return { value, url }
}
