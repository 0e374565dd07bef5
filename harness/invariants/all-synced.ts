import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { acceptanceOf, completionsOf } from './reading/completion.ts'
import { type DeviceViews, viewsOf } from './reading/device-views.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { recordName } from './reading/record-name.ts'
import { hadTimeToRecover } from './reading/recovery-time.ts'
import { removedRecord } from './reading/removals.ts'
import { finalScreen } from './reading/screen.ts'
import { when } from './reading/wording.ts'
import { writeChains } from './reading/write-chains.ts'
import { writtenWhileRead } from './reading/written-while-read.ts'

type View = EventOf<'view'>

/**
 * A claim in the middle of a run is checked against the same screen, and against the device's own
 * writes: a device cannot know what others have just committed. Of several writes to one record
 * only the newest counts: it may stand for the others. A claim at the end, after time to recover,
 * is also checked against what the server has.
 */
export default {
  id: 'ALL-SYNCED',
  promise: 'When the app claims that everything is synced, nothing waits and nothing is missing.',
  needs: ({ allSynced }) =>
    allSynced ? undefined : 'the client never claims that everything is synced',
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    for (const device of history.devices) {
      const claims = history.of('view', device).filter(({ view }) => view.allSynced)
      judged += claims.length
      const finding =
        firstContradiction(claims) ??
        firstUnsent(history, device) ??
        missingAtTheEnd(history, device)
      if (finding) findings.push(finding)
    }
    return judgement(judged, findings)
  },
} satisfies Invariant

/** Finds a screen that claims and shows a waiting write at the same time. */
function firstContradiction(claims: readonly View[]): Finding | undefined {
  for (const claim of claims) {
    const { rows, outbox = [] } = claim.view
    const waiting = [
      ...outbox.filter(({ state }) => state === 'pending'),
      ...rows.filter(({ status }) => status === 'pending'),
    ]
    const [first] = waiting
    if (!first) continue
    return {
      message: `${claim.node}'s app claims that everything is synced ${when(claim)}, and the same screen shows ${first.record} waiting`,
      opIds: [...new Set(waiting.flatMap(({ opId }) => opId ?? []))],
      evidence: evidence(claim),
    }
  }
  return undefined
}

/** Finds a write that the device had accepted before it was asked, and that was not complete. */
function firstUnsent(history: History, device: string): Finding | undefined {
  const views = viewsOf(history, device)
  const completions = completionsOf(history)
  const chains = writeChains(history).filter(([first]) => first?.device === device)
  for (const chain of chains) {
    for (const [i, operation] of chain.entries()) {
      const accepted = acceptanceOf(operation)
      const nextSeq = seqOf(chain[i + 1])
      if (!accepted || !isObservable(history, operation)) continue
      const endSeq = Math.min(completions.seqOf(operation), nextSeq)
      const claim = claimBetween(views, accepted.seq, endSeq)
      if (!claim || completions.mayBeComplete(operation, claim)) continue
      return {
        message: `${device}'s app claims that everything is synced ${when(claim)}, while ${describeOperation(operation)}, accepted ${when(accepted)}, still waits`,
        opIds: [operation.opId],
        evidence: evidence(accepted, claim),
      }
    }
  }
  return undefined
}

/** Returns the first claim that was asked for after one event and seen before another. */
function claimBetween(views: DeviceViews, afterSeq: number, beforeSeq: number): View | undefined {
  for (const view of views.between(afterSeq, beforeSeq)) if (view.view.allSynced) return view
  return undefined
}

const seqOf = (operation: Operation | undefined) =>
  (operation && acceptanceOf(operation)?.seq) ?? Number.POSITIVE_INFINITY

/**
 * Returns true if the history would show the end of the write: the client reports its acks, or the
 * server its commits and the write has a marker.
 */
function isObservable(history: History, { action }: Operation): boolean {
  if (history.head.client.capabilities.outbox) return true
  return action.type !== 'delete' && history.of('serverCommit').length > 0
}

/** Finds a record that the server has, and that a device lacks while it claims to have all. */
function missingAtTheEnd(history: History, device: string): Finding | undefined {
  const claim = finalScreen(history, device)?.view
  const state = history.serverState
  if (!claim?.view.allSynced || !state || !hadTimeToRecover(history)) return undefined
  const { collections } = history.head.client.capabilities
  const shown = new Set(claim.view.rows.flatMap((row) => [recordName(row), row.opId, row.hash]))
  const moving = writtenWhileRead(history)
  const removed = new Set(
    history.operations
      .filter((operation) => operation.device === device)
      .map((operation) => removedRecord(history, operation)),
  )
  const missing = state.rows.filter(
    (row) =>
      !row.deleted &&
      collections.includes(row.collection) &&
      !moving.has(recordName(row)) &&
      !removed.has(recordName(row)) &&
      ![recordName(row), row.opId, row.hash].some((name) => name !== undefined && shown.has(name)),
  )
  const [first] = missing
  if (!first) return undefined
  const operation = history.operation(first.opId)
  const what = operation ? describeOperation(operation) : `${first.collection} ${first.record}`
  const more = missing.length > 1 ? ` and ${missing.length - 1} more` : ''
  return {
    message: `${device}'s app claims at the end that everything is synced, but its screen lacks ${what}${more}, which the server has`,
    opIds: [...new Set(missing.flatMap(({ opId }) => opId ?? []))],
    evidence: evidence(claim, state),
  }
}
