import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant, Judgement } from '../core/invariant.ts'
import { describeOperation, isWrite, type Operation } from '../core/operation.ts'
import { cancellations } from './reading/cancellations.ts'
import { acceptanceOf } from './reading/completion.ts'
import { isRecordedConflict } from './reading/conflict-records.ts'
import { tellsHoldings } from './reading/holdings.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { isDead } from './reading/lives.ts'
import { describeWriter, opsOf } from './reading/record-commits.ts'
import { recordOf } from './reading/record-name.ts'
import { hadTimeToRecover } from './reading/recovery-time.ts'
import { finalScreen } from './reading/screen.ts'
import { when } from './reading/wording.ts'

type Outcome = EventOf<'serverOutcome'>

/**
 * Checks two places. A server that keeps conflict records must have one for each text that lost: to
 * the current version, or as the current version to a later arrival. A client that shows conflicts
 * must show the text of its own write, once it was told that the write lost; it cannot know of one
 * that was accepted first and lost later. NO-LOSS judges whether a text is out of reach altogether.
 *
 * If the server tells holdings only, the losses are those that an app itself reports. Then a
 * missing record does not prove that the server decided so.
 */
export default {
  id: 'CONFLICT-VISIBLE',
  promise:
    'What loses a conflict is kept: the server has a record of it, and the person who wrote it can still read it.',
  needs: () => undefined,
  check(history) {
    if (tellsHoldings(history)) return checkByHoldings(history)
    const checks = lossesOf(history).flatMap((loss) => [
      checkRecord(history, loss),
      checkScreen(history, loss),
    ])
    const results = checks.filter((check) => check !== undefined)
    const findings = results.flatMap(({ finding }) => finding ?? [])
    const undecided = results.find((check) => check.undecided !== undefined)?.undecided
    return judgement(results.length, findings, undecided)
  },
} satisfies Invariant

function checkByHoldings(history: History): Judgement {
  const lost = history.operations.filter(
    (operation) =>
      noticeOf(operation) && isWrite(operation.action) && operation.action.type !== 'delete',
  )
  const screens = lost.flatMap(
    (operation) =>
      checkScreen(history, { operation, wasCurrent: operation.commits.length > 0 }) ?? [],
  )
  const keepsRecords = history.serverState?.conflicts !== undefined
  const unrecorded = lost.find(
    (operation) =>
      keepsRecords && operation.commits.length === 0 && !isRecordedConflict(history, operation),
  )
  const undecided =
    screens.find((check) => check.undecided !== undefined)?.undecided ??
    (unrecorded &&
      `whether the server let ${describeOperation(unrecorded)} lose cannot be told: it has no conflict record of it`)
  return judgement(
    screens.length,
    screens.flatMap(({ finding }) => finding ?? []),
    undecided,
  )
}

/** A write that lost, with the decision that made it lose. */
interface Loss {
  readonly event: Outcome
  readonly key: string | undefined
  readonly operation: Operation | undefined
  /** True if the write was the current version before. */
  readonly wasCurrent: boolean
}

/** The result of a check; undefined if there is nothing to check. */
type Check = { readonly finding?: Finding; readonly undecided?: string } | undefined

/** The texts that lost, each once. A deletion has no text. */
function lossesOf(history: History): Loss[] {
  const losses = new Map<string, Loss>()
  for (const event of history.of('serverOutcome')) {
    const { outcome, key, loser } = event
    if (outcome === 'conflict') {
      const operation = history.operationOf(event)
      // A repeated attempt at a write that took effect did not lose.
      const isText = event.write !== 'delete' && !operation?.commits.length
      const name = key ?? operation?.opId
      if (isText && name !== undefined && !losses.has(name))
        losses.set(name, { event, key, operation, wasCurrent: false })
    }
    if (outcome === 'applied' && loser !== undefined && !losses.has(loser)) {
      const operation = history.operationOfKey(loser)
      if (operation?.action.type !== 'delete')
        losses.set(loser, { event, key: loser, operation, wasCurrent: true })
    }
  }
  return [...losses.values()]
}

/** Checks the server's conflict records, if it keeps any. */
function checkRecord(history: History, { event, key, operation, wasCurrent }: Loss): Check {
  const state = history.serverState
  if (!state?.conflicts || event.seq > state.seq || hasSeveralEpochs(history)) return undefined
  const isKept = state.conflicts.some(
    (record) =>
      (key !== undefined && record.key === key) ||
      (operation !== undefined && record.opId === operation.opId),
  )
  if (isKept) return {}
  const loser = operation ? describeOperation(operation) : `the write with key ${key}`
  const how = wasCurrent ? `to ${describeWriter(history, event)} ` : ''
  const finding = {
    message: `${loser} lost ${how}${when(event)}, and the server has no conflict record of it`,
    opIds: [...new Set([...(operation ? [operation.opId] : []), ...opsOf(history, event)])],
    evidence: evidence(event, state),
  }
  return { finding }
}

/** Records may be lost with the epoch in which they were made. */
function hasSeveralEpochs(history: History): boolean {
  const epochs = new Set(history.of('serverCommit').map(({ epoch }) => epoch))
  return epochs.add(history.serverState?.epoch ?? '').size > 1
}

/** Checks the final screen of the loser's device, if the client promises to show what lost. */
function checkScreen(
  history: History,
  { operation, wasCurrent }: Pick<Loss, 'operation' | 'wasCurrent'>,
): Check {
  if (!history.head.client.capabilities.conflicts || !operation || wasCurrent) return undefined
  const { device, opId } = operation
  const notice = noticeOf(operation)
  if (!notice || isDead(history, device) || isTakenBack(history, operation)) return undefined
  const text = describeOperation(operation)
  const screen = finalScreen(history, device)
  if (!screen)
    return { undecided: `whether ${device} can still read ${text} cannot be told: no final screen` }
  const isShown =
    screen.inConflicts(opId) ||
    screen.rowsOf(opId).length > 0 ||
    screen.entryOf(operation) !== undefined
  if (isShown) return {}
  if (!hadTimeToRecover(history))
    return { undecided: `${text} lost and is not shown, but the app had no time to show it` }
  const finding = {
    message: `${device}'s app was told ${when(notice)} that ${text} lost; at the end its screen shows the text nowhere`,
    opIds: [opId],
    evidence: evidence(notice, screen.view),
  }
  return { finding }
}

/** The event by which the device learnt that its write lost. */
function noticeOf({ acks, settled }: Operation) {
  const ack = acks.find(({ outcome }) => outcome === 'conflict')
  return ack ?? (settled?.outcome === 'conflict' ? settled : undefined)
}

/** Returns true if the person cancelled the write, or wrote the record again: that resolves it. */
function isTakenBack(history: History, operation: Operation): boolean {
  const record = recordOf(operation)
  const isReplaced = history.operations.some(
    (one) =>
      one.device === operation.device &&
      recordOf(one) === record &&
      one.invoke.seq > operation.invoke.seq &&
      acceptanceOf(one),
  )
  return isReplaced || cancellations(history).has(operation.opId)
}
