import { groupBy } from '../../core/group.ts'
import type { History } from '../../core/history.ts'
import { describeOperation, isOwed, isWrite, type Operation } from '../../core/operation.ts'
import { cancellations } from './cancellations.ts'
import { isRecordedConflict } from './conflict-records.ts'
import { hasLostEffect, tookEffect } from './effects.ts'
import { tellsHoldings } from './holdings.ts'
import { oncePerHistory } from './once-per-history.ts'
import { overwriteOf } from './overwritten.ts'
import { recordName, recordOf } from './record-name.ts'
import { hasReasonToFail } from './refusals.ts'
import { finalScreen, type Screen } from './screen.ts'

/**
 * The state of a write at the end of a run.
 *
 * - `committed`: it took effect, and the server did not lose it again.
 * - `conflict`: it lost to another write, and its text is within reach: on the user's screen or in
 *   the server's conflict records.
 * - `failed`: it was refused, and the user can see that and still has the text.
 * - `abandoned`: the same, but nobody refused it: the app gave up.
 * - `cancelled`: the user cancelled it.
 * - `superseded`: a later write of the same device to the record replaced it, or nothing is left to
 *   delete.
 * - `waiting`: it is still on the device, also if only the probe proves it: a restart sent it.
 * - `lost`: none of these. Also if another write replaced it, and neither its writer had seen it
 *   nor anything keeps its text.
 * - `unobservable`: the history does not decide.
 */
export type WriteOutcome =
  | 'committed'
  | 'conflict'
  | 'failed'
  | 'abandoned'
  | 'cancelled'
  | 'superseded'
  | 'waiting'
  | 'lost'
  | 'unobservable'

/** The outcome of every write that the client owes the user, in the order of invocation. */
export const writeOutcomes = oncePerHistory(computeOutcomes)

function computeOutcomes(history: History): ReadonlyMap<Operation, WriteOutcome> {
  const owed = history.operations.filter(isOwed)
  const outcomeOf = new Map<Operation, WriteOutcome>()
  const cancelled = cancellations(history)
  const screens = new Map(history.devices.map((device) => [device, finalScreen(history, device)]))
  const byRecord = groupBy(owed, (operation) => `${operation.device} ${recordOf(operation)}`)
  for (const chain of byRecord.values()) {
    // From last to first: a lost write is superseded if a later write has an outcome.
    let hasSuccessor = false
    for (const operation of chain.toReversed()) {
      const own = cancelled.has(operation.opId)
        ? 'cancelled'
        : outcomeWithoutSuccessors(history, operation, screens.get(operation.device))
      const outcome = own === 'lost' && hasSuccessor ? 'superseded' : own
      outcomeOf.set(operation, outcome)
      if (!['lost', 'unobservable', 'cancelled'].includes(outcome)) hasSuccessor = true
    }
  }
  return new Map(owed.map((operation) => [operation, outcomeOf.get(operation) as WriteOutcome]))
}

/** Describes the first write whose outcome the history does not decide, with the reason. */
export function undecidedWrite(history: History): string | undefined {
  for (const [operation, outcome] of writeOutcomes(history)) {
    if (outcome !== 'unobservable') continue
    const wasRead = finalScreen(history, operation.device) && history.serverState
    const reason = wasRead
      ? 'neither the screen nor the server tells'
      : `${operation.device}'s screen or the server was not read at the end`
    return `what became of ${describeOperation(operation)} cannot be told: ${reason}`
  }
  return undefined
}

/** Judges a write on its own, without cancellations and later writes. */
function outcomeWithoutSuccessors(
  history: History,
  operation: Operation,
  screen: Screen | undefined,
): WriteOutcome {
  const effect = hasLostEffect(history, operation) ? false : tookEffect(history, operation)
  if (effect) return 'committed'
  if (!isWrite(operation.action)) return 'unobservable'
  const record = recordName(operation.action)
  const isDelete = operation.action.type === 'delete'
  if (isDecidedAsConflict(history, operation))
    return isDelete ? 'conflict' : lostConflict(history, operation, screen)
  if (isDelete && isAbsent(history, record)) return 'superseded'
  if (!screen) return 'unobservable'
  const isShownAsFailed =
    showsFailure(screen, operation) || (isDelete && showsFailedDeletion(screen, operation, record))
  if (isShownAsFailed) return failure(history, operation, screen, effect)
  if (effect === undefined) return outcomeOfHidden(history, operation, screen)
  if (isWaiting(screen, operation))
    return isSilentAboutRefusal(history, operation) ? refusedInSilence(operation) : 'waiting'
  const hidesRecord = !screen.view.view.outbox && screen.rowsAt(record).length === 0
  if (isDelete && hidesRecord) return 'waiting'
  return isCommittedInProbe(history, operation) ? 'waiting' : 'lost'
}

/** A write that no screen shows may still wait in a queue on the disk. */
const isCommittedInProbe = ({ probe }: History, { opId }: Operation) =>
  probe.some((event) => event.type === 'serverCommit' && event.opId === opId)

/** A server that reports no decisions may still show its conflict records. */
function isDecidedAsConflict(history: History, operation: Operation): boolean {
  if (operation.outcomes.some(({ outcome }) => outcome === 'conflict')) return true
  return tellsHoldings(history) && isRecordedConflict(history, operation)
}

/** Judges a write that another one may have replaced before anybody could see it. */
function outcomeOfHidden(history: History, operation: Operation, screen: Screen): WriteOutcome {
  const overwrite = isWaiting(screen, operation) ? undefined : overwriteOf(history, operation)
  if (!overwrite) return 'unobservable'
  return overwrite.isKnowing ? 'superseded' : 'lost'
}

/**
 * Judges a write that lost a conflict by its text: somebody must still have it. If neither the
 * client nor the server shows conflict records at all, the server's report is believed.
 */
function lostConflict(
  history: History,
  operation: Operation,
  screen: Screen | undefined,
): WriteOutcome {
  const { opId, user } = operation
  const isShown = history.head.scenario.devices.some((device) => {
    const own = device.user === user ? finalScreen(history, device.name) : undefined
    return own && (own.inConflicts(opId) || own.rowsOf(opId).length > 0)
  })
  const recorded = history.serverState?.conflicts
  if (isShown || isRecordedConflict(history, operation)) return 'conflict'
  if (!screen || !history.serverState) return 'unobservable'
  const promisesText = recorded !== undefined || history.head.client.capabilities.conflicts
  return promisesText ? 'lost' : 'conflict'
}

function failure(
  history: History,
  operation: Operation,
  screen: Screen,
  effect: false | undefined,
): WriteOutcome {
  const hasReason = hasReasonToFail(history, operation)
  if (hasReason) return 'failed'
  if (screen.inConflicts(operation.opId) && hasRival(history, operation)) return 'failed'
  return hasReason === false && effect === false ? 'abandoned' : 'unobservable'
}

/** Returns true if another device wrote to the record: the client itself may see the conflict. */
function hasRival(history: History, operation: Operation): boolean {
  return history.operations.some(
    (other) => other.device !== operation.device && recordOf(other) === recordOf(operation),
  )
}

/** Returns true if the server was read and has no such record. */
function isAbsent(history: History, record: string): boolean {
  const state = history.serverState
  return (
    state !== undefined && !state.rows.some((row) => !row.deleted && recordName(row) === record)
  )
}

function showsFailure(screen: Screen, operation: Operation): boolean {
  return (
    screen.entryOf(operation)?.state === 'failed' ||
    screen.rowsOf(operation.opId).some(({ status }) => status === 'failed') ||
    screen.inConflicts(operation.opId)
  )
}

/** Returns true if the server refused the write, and the client has no means to show that. */
function isSilentAboutRefusal(history: History, operation: Operation): boolean {
  const { statuses, outbox } = history.head.client.capabilities
  return !statuses && !outbox && hasReasonToFail(history, operation) === true
}

/** The text is still shown, and nothing else: only a report shows that the app has given up. */
function refusedInSilence({ settled }: Operation): WriteOutcome {
  return settled?.outcome === 'rejected' ? 'failed' : 'unobservable'
}

/** A deletion has no text to keep: a reported failure, or the row shown as failed, is enough. */
function showsFailedDeletion(screen: Screen, { settled }: Operation, record: string): boolean {
  if (settled && settled.outcome !== 'acked') return true
  return screen.rowsAt(record).some(({ status }) => status === 'failed')
}

function isWaiting(screen: Screen, operation: Operation): boolean {
  return (
    screen.entryOf(operation) !== undefined ||
    screen.rowsOf(operation.opId).some(({ status }) => status !== 'sent')
  )
}
