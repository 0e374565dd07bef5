import { Problem } from '../../core/problem.ts'
import type { ServerDefinition } from '../../core/server.ts'
import { catalog } from './catalog.ts'
import { unknownName } from './nearest.ts'
import type { Choice } from './pick-client.ts'
import { isFilePath, loadUserModule, userFile } from './user-module.ts'

/** What `--server` means: a variant of the server stub, or a path to a module of one's own. */
export async function pickServer(given: string, cwd: string): Promise<Choice<ServerDefinition>> {
  if (isFilePath(given)) {
    const path = userFile(given, cwd, '--server')
    const { value, url } = await loadUserModule(path)
    const definition = value as Partial<ServerDefinition> | undefined
    if (typeof definition?.name !== 'string' || typeof definition.create !== 'function') {
      throw new Problem(
        `${given} expects a default export that is a ServerDefinition: 'name', 'title' and 'create'`,
      )
    }
    return { definition: { ...(definition as ServerDefinition), module: url }, spec: path }
  }
  const servers = await catalog.servers()
  const definition = servers.find(({ name }) => name === given)
  if (definition) return { definition, spec: given }
  const names = servers.map(({ name }) => name)
  throw new Problem(`--server: ${unknownName('server', given, names)}; or a path to a module`)
}
