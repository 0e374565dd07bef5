import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import { isEqualJson } from '../core/json.ts'
import type { InvariantResult } from '../core/result.ts'

/** If one of these is broken or undecided, something has not arrived everywhere. */
const ARRIVAL: readonly string[] = ['NO-LOSS', 'LIVENESS', 'CONVERGE']

/**
 * Returns the time to recover: from the moment at which nothing stands in the way any more until
 * the last write is complete and seen. The first is the end of the last fault or the last action,
 * whichever is later; the second the last commit on the server, or the last change of the rows on
 * a screen, whichever is later: then the server holds everything and each screen shows what it
 * shows in the end. Icons do not count. 0 if all of it was there before. Undefined if the run was
 * not read, or if NO-LOSS, LIVENESS or CONVERGE does not pass: then something never arrived.
 */
export function recoveryMs(
  history: History,
  invariants: readonly InvariantResult[],
): number | undefined {
  const read = history.phase('read')
  const arrived = invariants.every(
    ({ id, verdict }) => !ARRIVAL.includes(id) || verdict === 'pass' || verdict === 'idle',
  )
  if (!read || !arrived) return undefined
  const healed = history.of('fault').filter(({ on }) => !on)
  const free = lastOf([...healed, ...history.of('invoke')])
  const changes = history.devices.flatMap((device) => rowChanges(history.of('view', device)))
  const done = lastOf([...history.of('serverCommit'), ...changes].filter(({ t }) => t <= read.t))
  return Math.max(0, done - free)
}

const lastOf = (events: readonly { readonly t: number }[]) =>
  Math.max(0, ...events.map(({ t }) => t))

type View = EventOf<'view'>

function rowChanges(views: readonly View[]): View[] {
  return views.filter((view, i) => !isEqualJson(contents(view), contents(views[i - 1])))
}

const contents = (view: View | undefined) =>
  (view?.view.rows ?? []).map(({ collection, record, opId = '', hash = '' }) => [
    ...[collection, record, opId, hash],
  ])
