import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { Problem } from '../../core/problem.ts'
import type { ServerDefinition } from '../../core/server.ts'
import { compileServer, type ServerFiles } from '../../guest/server/compile-server.ts'
import { MODULE_ENDING } from './home.ts'
import { loadUserModule, userFile } from './user-module.ts'

/** The module that `tunnelproof/guest` means. */
const WORDS = fileURLToPath(new URL(`../../guest/guest${MODULE_ENDING}`, import.meta.url))
const IMPORTED = /^\s*import\s(?!type\b)[^'"]*\sfrom\s*['"]([^'"]+)['"]/gm
const LISTENS = /\.listen\s*\(|\bserve\s*\(|\bcreateServer\s*\(/
const DEFINES = /\bcreate\s*[(:,]/

/**
 * Returns the definition of a server that is Node code which listens, if the file is one; undefined
 * for a module with a definition of its own.
 */
export async function pickGuestServer(
  path: string,
  argument: string,
  { cwd, dump }: { readonly cwd: string; readonly dump?: string | undefined },
): Promise<ServerDefinition | undefined> {
  const code = readFileSync(path, 'utf8')
  if (dump !== undefined) return compile({ file: path, dump: userFile(dump, cwd, '--dump') })
  if (importsWords(path, code)) return compile({ file: path })
  if (LISTENS.test(code) && !DEFINES.test(code))
    throw new Problem(
      `${argument} listens by itself: add --dump ./dump.ts, a module whose default export ` +
        'returns what the server holds, or wrap it in a guestServer',
    )
  return undefined
}

function importsWords(path: string, code: string): boolean {
  const imported = [...code.matchAll(IMPORTED)].map(([, specifier = '']) => specifier)
  return imported.some(
    (specifier) =>
      specifier === 'tunnelproof/guest' ||
      (specifier.startsWith('.') && resolve(dirname(path), specifier) === WORDS),
  )
}

async function compile(files: ServerFiles): Promise<ServerDefinition> {
  const url = await compileServer(files, temporaryFolder())
  const { value } = await loadUserModule(fileURLToPath(url))
  return { ...(value as ServerDefinition), module: url }
}

/** Makes a folder that this process removes when it exits. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tunnelproof-server-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
