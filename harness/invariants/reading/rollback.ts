import type { EventOf } from '../../core/event.ts'
import { groupBy } from '../../core/group.ts'
import type { History } from '../../core/history.ts'
import { tellsHoldings } from './holdings.ts'
import { oncePerHistory } from './once-per-history.ts'
import { recordName, recordOf } from './record-name.ts'
import { removedRecord } from './removals.ts'

type Commit = EventOf<'serverCommit'>

/** Most servers never lose a commit, and each commit of a long run is asked about. */
const commitsByPosition = oncePerHistory((history) =>
  groupBy(history.of('serverCommit'), ({ position }) => position),
)

/**
 * Returns true if the server had made this commit and lost it again, for example because it was
 * restored from an older state. Two signs are needed: the server's sequence of commits went back
 * behind it, and its record shows neither this write nor a later one.
 */
export function wasLostAgain(history: History, commit: Commit): boolean {
  const state = history.serverState
  if (!state || state.seq < commit.seq) return false
  if (tellsHoldings(history)) return isMissing(history, commit)
  const isLater = ({ seq }: Commit) => seq > commit.seq
  const atPosition = commitsByPosition(history).get(commit.position) ?? []
  const wentBack =
    state.epoch !== commit.epoch ||
    state.position < commit.position ||
    atPosition.some((one) => isLater(one) && !isSameWrite(one, commit))
  if (!wentBack) return false

  if (commit.opId !== undefined && state.rows.some(({ opId }) => opId === commit.opId)) return false
  const ofRecord = history
    .of('serverCommit')
    .filter((one) => isLater(one) && recordName(one) === recordName(commit))
  const row = state.rows.find((one) => recordName(one) === recordName(commit))
  if (!row) return commit.write !== 'delete' && !ofRecord.some(({ write }) => write === 'delete')
  const isMadeAgain = ofRecord.some((one) => isRepetition(one, commit))
  if (isMadeAgain) return false
  return row.version < commit.version || ofRecord.some(({ head }) => head < commit.version)
}

/**
 * The same of a server that tells holdings only, whose positions count differences of dumps: it
 * began another epoch without the write, went back to a lower version, or dropped the record
 * although nobody asked for that.
 */
function isMissing(history: History, commit: Commit): boolean {
  const { opId, write, version, epoch, twin } = commit
  const state = history.serverState
  if (write === 'delete' || state?.rows.some((row) => row.opId === opId)) return false
  const name = recordName(commit)
  const row = state?.rows.find((one) => recordName(one) === name)
  if (state?.epoch !== epoch) return !row || row.version < version
  const later = history
    .of('serverCommit')
    .filter((one) => one.seq > commit.seq && recordName(one) === name && one.twin === twin)
  const [next] = later
  const isAsked = history.operations.some(
    (operation) => removedRecord(history, operation) === recordOfCommit(history, commit),
  )
  if (next?.write === 'delete' && !isAsked) return !row || row.deleted
  return next !== undefined && next.write !== 'delete' && next.version < version
}

/** The record that a commit belongs to: a server may name it differently. */
function recordOfCommit(history: History, commit: Commit): string {
  const operation = history.operation(commit.opId)
  return (operation && recordOf(operation)) ?? recordName(commit)
}

function isSameWrite(a: Commit, b: Commit): boolean {
  return (
    a.epoch === b.epoch &&
    a.position === b.position &&
    a.version === b.version &&
    a.opId === b.opId &&
    a.key === b.key &&
    recordName(a) === recordName(b)
  )
}

/** Returns true if the write took effect a second time: it was pushed again. */
function isRepetition(a: Commit, b: Commit): boolean {
  return a.write === b.write && a.opId === b.opId && a.key === b.key && !isSameWrite(a, b)
}
