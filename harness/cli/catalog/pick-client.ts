import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { type Capabilities, capabilitiesSchema } from '../../core/capabilities.ts'
import type { ClientDefinition } from '../../core/client.ts'
import { Problem } from '../../core/problem.ts'
import { catalog, readJson } from './catalog.ts'
import { unknownName } from './nearest.ts'
import { shellWords } from './shell-words.ts'
import { isFilePath, loadUserModule, userFile } from './user-module.ts'

/** A client, and how to name it so that a replay finds it from any folder. */
export interface Choice<Definition> {
  readonly definition: Definition
  readonly spec: string
}

/**
 * What `--client` means: a name below clients/; a path to a module of one's own, or to a JSON file that says `command`, `name`, `title` and
 * `capabilities` of a program; or `exec:` and a program of which nothing more is said.
 */
export async function pickClient(given: string, cwd: string): Promise<Choice<ClientDefinition>> {
  if (given.startsWith('exec:')) return { definition: commandClient(given), spec: given }
  if (isFilePath(given)) {
    const path = userFile(given, cwd, '--client')
    const { value, url } = path.endsWith('.json')
      ? { value: readJson(pathToFileURL(path), given), url: undefined }
      : await loadUserModule(path)
    return {
      definition: { ...checked(value, given), ...(url !== undefined && { module: url }) },
      spec: path,
    }
  }
  const clients = await catalog.clients()
  const definition = clients.find(({ name }) => name === given)
  if (definition) return { definition, spec: given }
  const hint = "; or a path to a module ('./my-client.ts'), or 'exec:PROGRAM ARGUMENTS'"
  throw new Problem(
    `--client: ${unknownName(
      'client',
      given,
      clients.map(({ name }) => name),
    )}${hint}`,
  )
}

const create = z.custom<ClientDefinition['create']>(
  (value) => typeof value === 'function',
  'expected a function (ports, identity) => client',
)
const inCommon = { name: z.string().min(1), title: z.string(), capabilities: capabilitiesSchema }
const moduleSchema = z.object({ ...inCommon, create })
const programSchema = z.object({ ...inCommon, command: z.array(z.string()).min(1) })

function checked(value: unknown, given: string): ClientDefinition {
  const isProgram = typeof value === 'object' && value !== null && 'command' in value
  const parsed = isProgram ? programSchema.safeParse(value) : moduleSchema.safeParse(value)
  if (parsed.success) return 'command' in parsed.data ? program(parsed.data) : parsed.data
  const issue = parsed.error.issues[0]
  const where = issue?.path.length ? `'${issue.path.join('.')}': ` : ''
  throw new Problem(
    `${given} expects a ClientDefinition (for a module: as its default export); ${where}${issue?.message ?? 'unreadable'}`,
  )
}

/** What a program of which we know nothing may be held to: it keeps messages, and tells no more than its rows. */
const PLAIN: Capabilities = {
  collections: ['messages'],
  update: false,
  delete: false,
  cancel: false,
  statuses: false,
  outbox: false,
  cursor: false,
  versions: false,
  allSynced: false,
  conflicts: false,
  ordered: false,
  recovery: 60_000,
}

function commandClient(given: string): ClientDefinition {
  const command = shellWords(given.slice('exec:'.length))
  if (command.length === 0)
    throw new Problem(
      "--client exec: expects a program, such as 'exec:python3 my_client.py'; got nothing after the colon",
    )
  return program({
    name: given,
    title: 'a program that speaks the device protocol',
    capabilities: PLAIN,
    command,
  })
}

function program(definition: Omit<ClientDefinition, 'create'>): ClientDefinition {
  const create = () => {
    throw new Problem(`${definition.name} is a program: it is played on the wire only`)
  }
  return { ...definition, create }
}
