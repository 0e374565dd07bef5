import type { Effect } from '../../core/effect.ts'
import type { World } from '../../core/world.ts'
import type { Toxic } from '../../link/toxic.ts'
import { startToxiproxy } from '../../toxiproxy/index.ts'
import { wireWorld } from '../../worlds/wire/index.ts'
import type { Subjects } from '../../worlds/wire/preflight.ts'
import { openToxiproxy } from '../../worlds/wire/proxy/index.ts'
import { HOME, MODULE_ENDING } from '../catalog/home.ts'

export interface WireOptions {
  readonly toxics: ReadonlyMap<string, Toxic>
  readonly effects: ReadonlyMap<string, Effect>
  /** The value of `--toxiproxy`. */
  readonly toxiproxy: string
  /** The clients and servers to start once before anything is played. */
  readonly subjects: readonly Subjects[]
}

/** Opens the wire world on the chosen Toxiproxy, with the server stub behind real HTTP. */
export function openWire(options: WireOptions): Promise<World> {
  const { toxics, effects, toxiproxy, subjects } = options
  const host = '127.0.0.1'
  return wireWorld({
    openProxy: (onChild) =>
      openToxiproxy(toxiproxy, {
        toxics,
        startEmbedded: (traceOf) => startToxiproxy({ host, port: 0, toxics, traceOf }),
        onChild,
      }),
    effects,
    subjects,
    transport: new URL(`server-stub/adapters/hono${MODULE_ENDING}`, HOME).href,
  })
}
