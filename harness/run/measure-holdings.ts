import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import { isWrite, type Operation } from '../core/operation.ts'
import { effectsOf } from '../invariants/reading/effects.ts'
import { recordName, recordOf } from '../invariants/reading/record-name.ts'
import { screenOf } from '../invariants/reading/screen.ts'
import { carriersOf } from '../invariants/reading/sending.ts'

type Commit = EventOf<'serverCommit'>

/**
 * Counts the derived commits of people's writes: not what the server held from the beginning, and
 * not again what a server with a new epoch still holds.
 */
export function derivedCommits(history: History): number {
  const [first] = history.of('serverCommit')
  const epochOf = new Map<string, string>()
  return history.of('serverCommit').filter(({ opId, write, epoch }) => {
    if (opId === undefined) return write === 'delete' && epoch === first?.epoch
    const known = epochOf.get(opId) ?? epoch
    epochOf.set(opId, known)
    return known === epoch
  }).length
}

/** Counts the writes of devices whose screens did not show what another device had written last. */
export function derivedConflicts(history: History): number {
  return history.operations.filter((operation) => isMadeBlindly(history, operation)).length
}

function isMadeBlindly(history: History, operation: Operation): boolean {
  const { action, device, invoke, commits } = operation
  if (!isWrite(action)) return false
  const received = carriersOf(history, operation).find((trip) => trip.received)?.received
  if (!received) return false
  const decidedSeq = commits[0]?.seq ?? received.seq
  const newest = history
    .of('serverCommit')
    .findLast(
      (commit) =>
        commit.seq < decidedSeq &&
        recordName(commit) === recordOf(operation) &&
        !commits.includes(commit),
    )
  if (!newest || history.operationOf(newest)?.device === device) return false
  const seen = history.of('view', device).findLast(({ seq }) => seq < invoke.seq)
  return !seen || !shows(seen, newest)
}

function shows(view: EventOf<'view'>, commit: Commit): boolean {
  const rows = screenOf(view).rowsAt(recordName(commit))
  if (commit.write === 'delete') return rows.length === 0
  return rows.some(({ opId, hash }) => opId === commit.opId || hash === commit.hash)
}

/** Counts the successful responses to a write that had taken effect before, and did not again. */
export function derivedDuplicates(history: History): number {
  return history.operations.reduce((sum, operation) => {
    const [effect, second] = effectsOf(operation)
    if (!effect || second) return sum
    const repeated = operation.requests.filter(
      ({ received, responded }) =>
        received !== undefined &&
        received.seq > effect.seq &&
        responded !== undefined &&
        responded.status < 300,
    )
    return sum + repeated.length
  }, 0)
}
