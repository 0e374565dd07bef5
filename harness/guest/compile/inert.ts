import type { Clock } from '../../core/ports/clock.ts'
import { MemoryDisk } from '../../core/ports/memory-database.ts'
import { SettableSignal } from '../../core/ports/signal.ts'
import { seededRandom } from '../../core/random.ts'
import { EPOCH_WALL } from '../../core/time.ts'
import { makeGlobals } from '../globals/index.ts'
import { type BundledCode, evaluate } from '../realm/evaluate.ts'
import { Realm } from '../realm/realm.ts'

/** Time stands still. */
const clock: Clock = {
  now: () => 0,
  wall: () => EPOCH_WALL,
  after: () => ({ cancel: () => {} }),
}

/**
 * Evaluates a bundle in a realm in which nothing ever happens: no timer fires, and no connection is
 * made. Resolves to its exports; rejects with what it throws.
 */
export async function evaluateInertly(code: BundledCode): Promise<{ default?: unknown }> {
  const realm = new Realm({
    clock,
    random: seededRandom(1),
    connect: () => ({ write: () => {}, end: () => {}, reset: () => {}, receive: () => {} }),
    database: new MemoryDisk().open(() => true),
    connectivity: new SettableSignal({ online: false, metered: false }),
    power: new SettableSignal({ charging: false, dozing: false }),
    standstill: () => new Promise(() => {}),
  })
  const { window } = makeGlobals(realm)
  realm.onError = () => true
  return (await evaluate(code, window)) as { default?: unknown }
}
