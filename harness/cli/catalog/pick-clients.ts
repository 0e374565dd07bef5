import type { ClientDefinition } from '../../core/client.ts'
import { Problem } from '../../core/problem.ts'
import type { RunResult } from '../../core/result.ts'
import { type Choice, pickClient } from './pick-client.ts'

/** A client by the name in its results, and by what finds it again. */
interface ClientSource {
  readonly name: string
  readonly source: string
}

/** Reads each `--client`. Reports tell clients apart by their names, so these must differ. */
export async function pickClients(
  values: readonly string[],
  cwd: string,
): Promise<Choice<ClientDefinition>[]> {
  const picked: Choice<ClientDefinition>[] = []
  for (const value of values) {
    const choice = await pickClient(value, cwd)
    const { name } = choice.definition
    const earlier = picked.findIndex(({ definition }) => definition.name === name)
    if (earlier >= 0 && picked[earlier]?.source === choice.source)
      throw new Problem(`--client ${value} was given twice: give each client once`)
    if (earlier >= 0)
      throw new Problem(
        `--client ${values[earlier]} and --client ${value} are both called '${name}': ` +
          'give one of them another name',
      )
    picked.push(choice)
  }
  return picked
}

/** Returns the clients as the `invocation` of a result has them. */
export function clientSources(
  clients: readonly ClientSource[],
): Pick<NonNullable<RunResult['invocation']>, 'client' | 'clients'> {
  const client = clients[0]?.source ?? ''
  return clients.length > 1 ? { client, clients: clients.map((each) => ({ ...each })) } : { client }
}
