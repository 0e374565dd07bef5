import { existsSync, readFileSync } from 'node:fs'
import { Problem } from '../../core/problem.ts'
import type { ServerDefinition } from '../../core/server.ts'
import { isGuestFile } from '../../guest/compile/is-guest.ts'
import { loadListeningServer } from './guest-module.ts'
import { userFile } from './user-module.ts'

const LISTENS = /\.listen\s*\(|\bserve\s*\(|\bcreateServer\s*\(/
/** A ServerDefinition has a member of this name. */
const DEFINES = /\bcreate\s*[(:,]/

/**
 * Returns the definition of a server that is Node code which listens, if the file is one; undefined
 * for a module with a definition of its own.
 */
export async function pickListeningServer(
  path: string,
  argument: string,
  { cwd, dump }: { readonly cwd: string; readonly dump?: string | undefined },
): Promise<ServerDefinition | undefined> {
  if (isGuestFile(path)) {
    if (dump === undefined) return load({ file: path })
    throw new Problem(`${argument} is a guestServer, which has a dump() of its own: omit --dump`)
  }
  if (dump !== undefined) return load({ file: path, dump: dumpOf(dump, cwd) })
  const code = readFileSync(path, 'utf8')
  // To import it would make it listen on this machine.
  if (LISTENS.test(code) && !DEFINES.test(code))
    throw new Problem(
      `${argument} listens by itself: add --dump, which tells what it holds: ` +
        "a module ('./dump.ts') or a path on the server ('/dump')",
    )
  return undefined
}

/** Returns the path of a module, or a path on the server. */
function dumpOf(dump: string, cwd: string): NonNullable<Parameters<typeof load>[0]['dump']> {
  if (/^https?:/.test(dump))
    throw new Problem(
      `--dump expects a module ('./dump.ts') or a path on the server ('/dump') for a server ` +
        `that is hosted; got '${dump}'`,
    )
  if (dump.startsWith('/') && !existsSync(dump)) return { request: dump }
  return { module: userFile(dump, cwd, '--dump') }
}

async function load(files: Parameters<typeof loadListeningServer>[0]): Promise<ServerDefinition> {
  const { value, url } = await loadListeningServer(files)
  return { ...(value as ServerDefinition), module: url }
}
