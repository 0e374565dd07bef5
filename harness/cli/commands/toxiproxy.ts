import { startToxiproxy } from '../../toxiproxy/index.ts'
import { catalog } from '../catalog/catalog.ts'
import { exitCode } from '../exit-codes.ts'
import { watchSignals } from '../interrupt.ts'
import type { Io } from '../io.ts'

export interface ToxiproxyArguments {
  readonly host: string
  readonly port: number
}

/** `tunnelproof toxiproxy`: runs the embedded Toxiproxy alone, until a signal arrives. */
export async function toxiproxyCommand(
  { host, port }: ToxiproxyArguments,
  io: Io,
): Promise<number> {
  const server = await startToxiproxy({ host, port, toxics: await catalog.toxics() })
  const interruption = watchSignals()
  io.out(`Toxiproxy's API is at ${server.url} (embedded; end it with Ctrl-C)\n`)
  await interruption.signalled
  await server.close()
  interruption.release()
  return exitCode('held')
}
