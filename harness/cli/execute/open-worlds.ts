import type { Invariant } from '../../core/invariant.ts'
import { simPlayer } from '../sim/player.ts'
import type { WireOptions } from './open-wire.ts'
import type { Player } from './player.ts'
import { worldPlayer } from './world-player.ts'

/** The time limit of a run in the sim: its processor time, unlike that of the wire, is small. */
const SIM_TIMEOUT_MS = 120_000

export interface WorldsOptions extends WireOptions {
  readonly names: ReadonlySet<string>
  readonly invariants: readonly Invariant[]
  /** The number of scenarios that the sim plays at a time. */
  readonly threads: number
  /** The most real milliseconds of a run. Default: 2 minutes in the sim, no limit on the wire. */
  readonly timeoutMs?: number | undefined
}

/** Opens the named worlds. The sim comes first in the map, so that it is played first. */
export async function openWorlds(options: WorldsOptions): Promise<Map<string, Player>> {
  const { names, threads, invariants, timeoutMs } = options
  const players = new Map<string, Player>()
  if (names.has('sim'))
    players.set('sim', simPlayer({ threads, timeoutMs: timeoutMs ?? SIM_TIMEOUT_MS, invariants }))
  if (names.has('wire')) {
    const world = await (await import('./open-wire.ts')).openWire(options)
    players.set('wire', worldPlayer(world, options))
  }
  return players
}
