import process from 'node:process'
import type { Effect } from '../../core/effect.ts'
import type { World } from '../../core/world.ts'
import type { Toxic } from '../../link/toxic.ts'
import { simWorld } from '../../worlds/sim/index.ts'
import type { Subjects } from '../../worlds/wire/preflight.ts'

export interface WorldsOptions {
  readonly names: ReadonlySet<string>
  readonly toxics: ReadonlyMap<string, Toxic>
  readonly effects: ReadonlyMap<string, Effect>
  readonly toxiproxy: string
  /** The clients and servers that are played on the wire. */
  readonly subjects: readonly Subjects[]
}

/** Opens the named worlds. The sim comes first in the map, so that it is played first. */
export async function openWorlds({
  names,
  toxics,
  effects,
  toxiproxy,
  subjects,
}: WorldsOptions): Promise<Map<string, World>> {
  const worlds = new Map<string, World>()
  if (names.has('sim')) worlds.set('sim', simWorld({ toxics, onUnhandledRejection }))
  if (names.has('wire'))
    worlds.set(
      'wire',
      await (await import('./open-wire.ts')).openWire({ toxics, effects, toxiproxy, subjects }),
    )
  return worlds
}

/** Subscribes the sim, whose clients run in this process, to their unhandled rejections. */
function onUnhandledRejection(handler: (error: unknown) => void): () => void {
  process.on('unhandledRejection', handler)
  return () => {
    process.off('unhandledRejection', handler)
  }
}
