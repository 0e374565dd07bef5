import type { ClientDefinition } from '../../core/client.ts'
import { Problem } from '../../core/problem.ts'
import type { ServerDefinition } from '../../core/server.ts'
import type { ProcessCode } from './code/process-code.ts'
import { programUrl } from './process/launch.ts'

/** Resolves to the command of a device's process: the client's program, or ours with its module. */
export async function clientCommand(
  client: ClientDefinition,
  code: ProcessCode,
): Promise<readonly string[]> {
  return client.command ?? code.command(programUrl('device'), [moduleOf(client, 'client')])
}

/** Resolves to the command of the server's process. */
export function serverCommand(
  server: ServerDefinition,
  transport: string,
  code: ProcessCode,
): Promise<readonly string[]> {
  return code.command(programUrl('server'), [moduleOf(server, 'server'), transport])
}

function moduleOf(
  { name, module }: { readonly name: string; readonly module?: string },
  kind: string,
): string {
  // The programs unwrap a CommonJS module themselves, see cli/catalog/commonjs-default.ts.
  if (module !== undefined) return new URL(module).searchParams.get('of') ?? module
  throw new Problem(
    `expected the ${kind} '${name}' to name its module, because a process of its own loads it; ` +
      'got none: set `module` to the URL of its file',
  )
}
