import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { isWrite, type Operation } from '../core/operation.ts'
import { acceptanceOf, completionsOf } from './reading/completion.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { commitsPerRecord, describeWriter, opOf, opsOf } from './reading/record-commits.ts'
import { recordName, recordOf } from './reading/record-name.ts'
import { isUnconfirmed, screenOf } from './reading/screen.ts'
import { when } from './reading/wording.ts'

type Commit = EventOf<'serverCommit'>
type View = EventOf<'view'>

/**
 * Permits a creation whose writer knew of the deletion. Judges a screen only after its device had
 * learnt of the deletion.
 */
export default {
  id: 'NO-RESURRECT',
  promise:
    'What was deleted stays deleted, on the server and on every screen that has learnt of it, until somebody knowingly makes it anew.',
  needs: (capabilities) => (capabilities.delete ? undefined : 'the client cannot delete'),
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    for (const commits of commitsPerRecord(history)) {
      for (const [i, deletion] of commits.entries()) {
        if (deletion.write !== 'delete') continue
        judged++
        const next = commits[i + 1]
        if (!next) findings.push(...onScreens(history, deletion), ...onServer(history, deletion))
        else if (
          next.write !== 'delete' &&
          !isKnowing(history, next, deletion, commits.slice(0, i))
        )
          findings.push(broughtBack(history, deletion, next))
      }
    }
    return judgement(judged, findings)
  },
} satisfies Invariant

/**
 * Returns true if the writer of a creation knew of the deletion. If the protocol reports no base, a
 * creation that had taken effect before the deletion is a late retry.
 */
function isKnowing(
  history: History,
  creation: Commit,
  deletion: Commit,
  earlier: readonly Commit[],
): boolean {
  if (creation.write !== 'create') return false
  if (creation.base !== undefined) return creation.base >= deletion.version
  const opId = opOf(history, creation)
  return opId === undefined || !earlier.some((commit) => opOf(history, commit) === opId)
}

function broughtBack(history: History, deletion: Commit, next: Commit): Finding {
  return {
    message: `${describeWriter(history, next)} brought ${deletion.record} back ${when(next)}, after ${describeWriter(history, deletion)} took effect ${when(deletion)}`,
    opIds: opsOf(history, deletion, next),
    evidence: evidence(deletion, next),
  }
}

function onServer(history: History, deletion: Commit): Finding[] {
  const state = history.serverState
  if (state?.epoch !== deletion.epoch) return []
  const isLive = state.rows.some((row) => !row.deleted && recordName(row) === recordName(deletion))
  if (!isLive) return []
  return [
    {
      message: `${describeWriter(history, deletion)} took effect ${when(deletion)}, but the server still has ${deletion.record} at the end`,
      opIds: opsOf(history, deletion),
      evidence: evidence(deletion, state),
    },
  ]
}

function onScreens(history: History, deletion: Commit): Finding[] {
  return history.devices.flatMap((device) => {
    const learnt = learntOf(history, device, deletion)
    if (!learnt) return []
    const ownWrites = ownWritesTo(history, device, recordName(deletion))
    const view = history
      .of('view', device)
      .find(
        (event) =>
          event.seq >= learnt.seq &&
          !ownWrites.some((one) => isPending(history, one, event)) &&
          showsDeleted(event, deletion),
      )
    if (!view) return []
    return [
      {
        message: `${device}'s screen ${when(view)} shows ${deletion.record} again; its app had learnt ${when(learnt)} that it is deleted`,
        opIds: opsOf(history, deletion),
        evidence: evidence(deletion, learnt, view),
      },
    ]
  })
}

/** The device's accepted creations and edits of a record, which it may show while they wait. */
function ownWritesTo(history: History, device: string, record: string): Operation[] {
  return history.operations.filter(
    (one) =>
      one.device === device &&
      isWrite(one.action) &&
      one.action.type !== 'delete' &&
      recordOf(one) === record &&
      acceptanceOf(one),
  )
}

function isPending(history: History, operation: Operation, view: View): boolean {
  const accepted = acceptanceOf(operation)?.seq ?? 0
  return accepted < view.seq && completionsOf(history).seqOf(operation) > view.seq
}

function showsDeleted(view: View, deletion: Commit): boolean {
  return screenOf(view)
    .rowsAt(recordName(deletion))
    .some((row) => !isUnconfirmed(row) && (row.version ?? 0) <= deletion.version)
}

/**
 * The event by which a device learnt of a deletion: the tombstone, a complete resync made after it,
 * or the response to its own deletion.
 */
function learntOf(history: History, device: string, deletion: Commit) {
  const page = history
    .of('cursorSaved', device)
    .find((event) => event.epoch === deletion.epoch && bringsDeletion(event, deletion))
  const opId = opOf(history, deletion)
  const operation = opId === undefined ? undefined : history.operation(opId)
  const ack =
    operation?.device === device
      ? operation.acks.find(({ outcome }) => outcome === 'applied' || outcome === 'duplicate')
      : undefined
  return page && ack && ack.seq < page.seq ? ack : (page ?? ack)
}

function bringsDeletion(page: EventOf<'cursorSaved'>, deletion: Commit): boolean {
  if (page.full && page.complete && page.cursor >= deletion.position) return true
  return page.rows.some(
    (row) =>
      row.deleted && row.version >= deletion.version && recordName(row) === recordName(deletion),
  )
}
