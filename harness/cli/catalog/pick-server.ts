import { Problem } from '../../core/problem.ts'
import type { ServerDefinition } from '../../core/server.ts'
import { catalog } from './catalog.ts'
import { pickListeningServer } from './listening-server.ts'
import { unknownName } from './nearest.ts'
import type { Choice } from './pick-client.ts'
import { isProgramServer, programServer } from './program-server.ts'
import { isFilePath, loadUserModule, userFile } from './user-module.ts'

/**
 * Reads `--server`: the name of a server variant, the path of the user's module, or `exec:` and the
 * command of a program. `dump`: the value of `--dump`.
 */
export async function pickServer(
  argument: string,
  cwd: string,
  dump?: string,
): Promise<Choice<ServerDefinition>> {
  if (isProgramServer(argument)) return programServer(argument, dump, cwd)
  if (isFilePath(argument)) {
    const path = userFile(argument, cwd, '--server')
    const listening = await pickListeningServer(path, argument, { cwd, dump })
    if (listening) return { definition: listening, source: path }
    const { value, url } = await loadUserModule(path)
    const definition = value as Partial<ServerDefinition> | undefined
    if (typeof definition?.name !== 'string' || typeof definition.create !== 'function') {
      throw new Problem(
        `${argument} expects a ServerDefinition as its default export: ` +
          "'name', 'title' and 'create'",
      )
    }
    const { tells } = definition
    if (tells !== undefined && tells !== 'writes' && tells !== 'holdings') {
      const received = JSON.stringify(tells)
      throw new Problem(`${argument}: 'tells' expects 'writes' or 'holdings'; got ${received}`)
    }
    return { definition: { ...(definition as ServerDefinition), module: url }, source: path }
  }
  if (dump !== undefined)
    throw new Problem(`--dump is for a server that listens by itself; got --server ${argument}`)
  const servers = await catalog.servers()
  const definition = servers.find(({ name }) => name === argument)
  if (definition) return { definition, source: argument }
  const names = servers.map(({ name }) => name)
  throw new Problem(
    `--server: ${unknownName('server', argument, names)}; or a path to a module, or 'exec:PROGRAM'`,
  )
}
