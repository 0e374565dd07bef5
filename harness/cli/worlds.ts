import process from 'node:process'
import type { World } from '../core/world.ts'
import type { Toxic } from '../link/toxic.ts'
import { simWorld } from '../worlds/sim/index.ts'

export interface WorldsOptions {
  readonly names: ReadonlySet<string>
  readonly toxics: ReadonlyMap<string, Toxic>
  readonly toxiproxy: string
}

/** Opens the worlds that are needed, the sim first: it is played first. */
export async function openWorlds({
  names,
  toxics,
  toxiproxy,
}: WorldsOptions): Promise<Map<string, World>> {
  const worlds = new Map<string, World>()
  if (names.has('sim')) worlds.set('sim', simWorld({ toxics, onUnhandledRejection }))
  if (names.has('wire'))
    worlds.set('wire', await (await import('./wire.ts')).openWire({ toxics, toxiproxy }))
  return worlds
}

/** In the sim the client under test runs in this process, and so do the promises that it leaves unhandled. */
function onUnhandledRejection(handler: (error: unknown) => void): () => void {
  process.on('unhandledRejection', handler)
  return () => {
    process.off('unhandledRejection', handler)
  }
}
