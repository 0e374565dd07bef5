import type { Effect } from '../../core/effect.ts'
import type { World } from '../../core/world.ts'
import type { Toxic } from '../../link/toxic.ts'
import { startToxiproxy } from '../../toxiproxy/index.ts'
import { wireWorld } from '../../worlds/wire/index.ts'
import { openToxiproxy } from '../../worlds/wire/proxy/index.ts'
import { HOME, MODULE_ENDING } from '../catalog/home.ts'

export interface WireOptions {
  readonly toxics: ReadonlyMap<string, Toxic>
  readonly effects: ReadonlyMap<string, Effect>
  /** The value of `--toxiproxy`. */
  readonly toxiproxy: string
}

/** Opens the wire world on the chosen Toxiproxy, with the server stub behind real HTTP. */
export function openWire({ toxics, effects, toxiproxy }: WireOptions): Promise<World> {
  const host = '127.0.0.1'
  return wireWorld({
    openProxy: (onChild) =>
      openToxiproxy(toxiproxy, {
        toxics,
        startEmbedded: (traceOf) => startToxiproxy({ host, port: 0, toxics, traceOf }),
        onChild,
      }),
    effects,
    transport: new URL(`server-stub/adapters/hono${MODULE_ENDING}`, HOME).href,
  })
}
