import { groupBy } from '../../core/group.ts'
import type { History } from '../../core/history.ts'
import { isOwed, isWrite, type Operation } from '../../core/operation.ts'
import { cancellations } from './cancellations.ts'
import { tookEffect } from './effects.ts'
import { finalScreen, recordName, recordOf, type Screen } from './screen.ts'

/**
 * What became of a write by the end of a run. committed: it took effect · conflict: the server recorded that it lost · failed: it did not happen, and
 * the person can see that and still has the text · cancelled: the person took it back · superseded: a later write of the same device to
 * that record stands for it, or nothing is left to delete · waiting: it is still on the device · gone: none of these · unseen: the history cannot tell.
 */
export type Fate =
  | 'committed'
  | 'conflict'
  | 'failed'
  | 'cancelled'
  | 'superseded'
  | 'waiting'
  | 'gone'
  | 'unseen'

const known = new WeakMap<History, ReadonlyMap<Operation, Fate>>()

/** The fate of every write the client owes, in the order of invocation. */
export function fates(history: History): ReadonlyMap<Operation, Fate> {
  const found = known.get(history)
  if (found) return found
  const owed = history.operations.filter(isOwed)
  const cancelled = cancellations(history)
  const screens = new Map(history.devices.map((device) => [device, finalScreen(history, device)]))
  const fate = new Map<Operation, Fate>()
  for (const chain of groupBy(
    owed,
    (operation) => `${operation.device} ${recordOf(operation)}`,
  ).values()) {
    // From the last one back: what became of a successor tells what became of the one it replaced.
    let stands = false
    for (const operation of [...chain].reverse()) {
      const own = cancelled.has(operation.op)
        ? 'cancelled'
        : fateAlone(history, operation, screens.get(operation.device))
      const end = own === 'gone' && stands ? 'superseded' : own
      fate.set(operation, end)
      if (end !== 'gone' && end !== 'unseen' && end !== 'cancelled') stands = true
    }
  }
  const ordered = new Map(owed.map((operation) => [operation, fate.get(operation) as Fate]))
  known.set(history, ordered)
  return ordered
}

function fateAlone(history: History, operation: Operation, screen: Screen | undefined): Fate {
  const effect = tookEffect(history, operation)
  if (effect) return 'committed'
  if (operation.outcomes.some(({ outcome }) => outcome === 'conflict')) return 'conflict'
  if (!isWrite(operation.action)) return 'unseen'
  const isDelete = operation.action.type === 'delete'
  if (isDelete && isAbsent(history, recordName(operation.action))) return 'superseded'
  if (!screen) return 'unseen'
  const entry = screen.entryOf(operation)
  const rows = screen.rowsOf(operation.op)
  if (
    entry?.state === 'failed' ||
    rows.some(({ status }) => status === 'failed') ||
    screen.inConflicts(operation.op)
  )
    return 'failed'
  // A deletion has no text to keep: telling the person, or showing the record again as failed, is all there is to do.
  if (isDelete && operation.settled && operation.settled.outcome !== 'acked') return 'failed'
  if (
    isDelete &&
    screen.rowsAt(recordName(operation.action)).some(({ status }) => status === 'failed')
  )
    return 'failed'
  if (effect === undefined) return 'unseen'
  if (entry || rows.some(({ status }) => status !== 'sent')) return 'waiting'
  if (
    isDelete &&
    !screen.view.view.outbox &&
    screen.rowsAt(recordName(operation.action)).length === 0
  )
    return 'waiting'
  return 'gone'
}

/** The server was read, and holds no such record. */
function isAbsent(history: History, record: string): boolean {
  const state = history.serverState
  return (
    state !== undefined && !state.rows.some((row) => !row.deleted && recordName(row) === record)
  )
}
