import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { type Capabilities, capabilitiesSchema, MESSAGES_ONLY } from '../../core/capabilities.ts'
import type { ClientDefinition } from '../../core/client.ts'
import { Problem } from '../../core/problem.ts'
import { isGuestFile } from '../../guest/compile/is-guest.ts'
import { BROWSER_PREFIX, pickBrowserClient } from './browser-client.ts'
import { catalog, readJson } from './catalog.ts'
import { loadGuestClient } from './guest-module.ts'
import { unknownName } from './nearest.ts'
import { shellWords } from './shell-words.ts'
import { isFilePath, loadUserModule, userFile } from './user-module.ts'

/** A client or server, with the name or absolute path that finds it from any folder. */
export interface Choice<Definition> {
  readonly definition: Definition
  readonly source: string
}

/**
 * Reads `--client`: a name below clients/; the path of the user's module or guest, or of a JSON
 * file with the `command`, `name`, `title`, `capabilities` and perhaps `tls` of a program; or
 * `exec:` and a program's command line.
 */
export async function pickClient(argument: string, cwd: string): Promise<Choice<ClientDefinition>> {
  if (argument.startsWith(BROWSER_PREFIX)) return pickBrowserClient(argument, cwd)
  if (argument.startsWith('exec:')) return { definition: commandClient(argument), source: argument }
  if (isFilePath(argument)) {
    const path = userFile(argument, cwd, '--client')
    const { value, url } = path.endsWith('.json')
      ? { value: readJson(pathToFileURL(path), argument), url: undefined }
      : await (isGuestFile(path) ? loadGuestClient(path) : loadUserModule(path))
    return {
      definition: { ...checked(value, argument), ...(url !== undefined && { module: url }) },
      source: path,
    }
  }
  const clients = await catalog.clients()
  const definition = clients.find(({ name }) => name === argument)
  if (definition) return { definition, source: argument }
  const hint = "; or a path to a module ('./my-client.ts'), or 'exec:PROGRAM ARGUMENTS'"
  throw new Problem(
    `--client: ${unknownName(
      'client',
      argument,
      clients.map(({ name }) => name),
    )}${hint}`,
  )
}

const create = z.custom<ClientDefinition['create']>(
  (value) => typeof value === 'function',
  'expected a function (ports, identity) => client',
)
const commonFields = {
  name: z.string().min(1),
  title: z.string(),
  capabilities: capabilitiesSchema,
}
const moduleSchema = z.object({ ...commonFields, create, source: z.string().optional() })
const programSchema = z.object({
  ...commonFields,
  command: z.array(z.string()).min(1),
  tls: z.boolean().optional(),
})

function checked(value: unknown, argument: string): ClientDefinition {
  const isProgram = typeof value === 'object' && value !== null && 'command' in value
  const parsed = isProgram ? programSchema.safeParse(value) : moduleSchema.safeParse(value)
  if (parsed.success)
    return 'command' in parsed.data ? program(parsed.data) : (parsed.data as ClientDefinition)
  const issue = parsed.error.issues[0]
  const where = issue?.path.length ? `'${issue.path.join('.')}': ` : ''
  throw new Problem(
    `${argument} expects a ClientDefinition (for a module: as its default export); ` +
      `${where}${issue?.message ?? 'unreadable'}`,
  )
}

/** The capabilities of an `exec:` program: it keeps messages and shows nothing but its rows. */
const EXEC_CAPABILITIES: Capabilities = { ...MESSAGES_ONLY, recovery: 60_000 }

function commandClient(argument: string): ClientDefinition {
  const command = shellWords(argument.slice('exec:'.length))
  if (command.length === 0)
    throw new Problem(
      "--client exec: expects a program, such as 'exec:python3 my_client.py'; " +
        'got nothing after the colon',
    )
  return program({
    name: argument,
    title: 'a program that speaks the device protocol',
    capabilities: EXEC_CAPABILITIES,
    command,
  })
}

function program(definition: Omit<ClientDefinition, 'create'>): ClientDefinition {
  const create = () => {
    throw new Problem(`${definition.name} is a program: it is played on the wire only`)
  }
  return { ...definition, create }
}
