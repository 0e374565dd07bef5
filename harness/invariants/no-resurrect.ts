import type { EventOf } from '../core/event.ts'
import { groupBy } from '../core/group.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { isWrite, type Operation } from '../core/operation.ts'
import { askedOf } from './reading/asked.ts'
import { acceptanceOf, completionsOf } from './reading/completion.ts'
import { evidence, judgement } from './reading/judgement.ts'
import {
  beginsNewLife,
  commitsPerRecord,
  describeWriter,
  opOf,
  opsOf,
} from './reading/record-commits.ts'
import { recordName, recordOf } from './reading/record-name.ts'
import { isUnconfirmed, screenOf } from './reading/screen.ts'
import { carriersOf } from './reading/sending.ts'
import { isSuccess } from './reading/success.ts'
import { when } from './reading/wording.ts'

type Commit = EventOf<'serverCommit'>
type View = EventOf<'view'>

/**
 * Permits a creation by a person whose device did not show the record: {@link knewOfDeletion}.
 * Judges a screen only after its device had learnt of the deletion.
 */
export default {
  id: 'NO-RESURRECT',
  promise:
    'What was deleted stays deleted, on the server and on every screen that has learnt of it, until somebody knowingly makes it anew.',
  needs: (capabilities) => (capabilities.delete ? undefined : 'the client cannot delete'),
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    let undecided: string | undefined
    for (const commits of commitsPerRow(history)) {
      for (const [i, deletion] of commits.entries()) {
        if (deletion.write !== 'delete') continue
        judged++
        const next = commits[i + 1]
        if (!next) findings.push(...onScreens(history, deletion), ...onServer(history, deletion))
        else if (next.write !== 'delete') {
          const isKnowing = isKnowingCreation(history, next, deletion, commits.slice(0, i))
          if (isKnowing === false) findings.push(broughtBack(history, deletion, next))
          else if (isKnowing === undefined) undecided ??= unclear(history, next)
        }
      }
    }
    return judgement(judged, findings, undecided)
  },
} satisfies Invariant

/** Several rows of one name are records of their own: a deletion of one is none of others. */
function commitsPerRow(history: History): Commit[][] {
  return commitsPerRecord(history).flatMap((commits) => [
    ...groupBy(commits, ({ twin }) => twin).values(),
  ])
}

/**
 * Returns true if a person knowingly created the record again; undefined if the history does not
 * decide. An edit never is a creation, whatever version it names; nor is the late retry of a
 * creation that had taken effect before.
 */
function isKnowingCreation(
  history: History,
  next: Commit,
  deletion: Commit,
  earlier: readonly Commit[],
): boolean | undefined {
  const opId = opOf(history, next)
  // A dump shows only that the record is there again, not as what the server took the write.
  const action = next.derived ? history.operation(opId)?.action.type : undefined
  if ((action ?? next.write) !== 'create') return false
  if (opId !== undefined && earlier.some((commit) => opOf(history, commit) === opId)) return false
  if (beginsNewLife(next)) return true
  const creation = history.operation(opId)
  if (creation) return knewOfDeletion(history, creation, deletion)
  return next.base === undefined || next.base >= deletion.version
}

/**
 * Returns true if the person's screen did not show the record at the time of the creation, if the
 * person had just deleted it, or if the app knew of the deletion, as the base of the write or an
 * earlier event shows. Undefined if the history does not show what the app knew.
 */
function knewOfDeletion(
  history: History,
  { device, invoke, localCommit }: Operation,
  deletion: Commit,
): boolean | undefined {
  const record = recordName(deletion)
  const seen = history.of('view', device).findLast((view) => view.seq < invoke.seq)
  if (seen && screenOf(seen).rowsAt(record).length === 0) return true
  if ((localCommit?.base ?? 0) >= deletion.version) return true
  const last = lastWriteBefore(history, device, record, invoke.seq)
  if (last?.action.type === 'delete') return true
  const learnt = learntOf(history, device, deletion)
  if (learnt && learnt.seq < invoke.seq) return true
  if (wasAnsweredAbout(history, device, deletion, invoke.seq)) return true
  if (!seen) return knewRecord(history, device, record, invoke.seq) ? undefined : true
  // The screen may be recorded seldom, and the app may have learnt of the deletion since.
  return history.of('cursorSaved', device).length > 0 ? false : undefined
}

/** Returns true if a response to a push, which may contain the tombstone, reached the device. */
function wasAnsweredAbout(
  history: History,
  device: string,
  deletion: Commit,
  before: number,
): boolean {
  const { collection, record, version } = deletion
  if (deletion.derived && wasAnsweredAfter(history, device, deletion, before)) return true
  return history.requests.some(
    (trip) =>
      trip.device === device &&
      trip.response?.outcome === 'response' &&
      trip.response.seq < before &&
      trip.outcomes.some(
        (outcome) =>
          outcome.collection === collection &&
          outcome.record === record &&
          (outcome.head ?? 0) >= version,
      ),
  )
}

/** Returns true if a response to a write to the record came after its deletion. */
function wasAnsweredAfter(
  history: History,
  device: string,
  deletion: Commit,
  before: number,
): boolean {
  return history.operations.some(
    (operation) =>
      operation.device === device &&
      recordOf(operation) === recordName(deletion) &&
      carriersOf(history, operation).some(
        ({ responded, response }) =>
          responded !== undefined &&
          responded.seq > deletion.seq &&
          response?.outcome === 'response' &&
          response.seq < before,
      ),
  )
}

/** Returns true if the device had the record before an event: from a page, or by an own write. */
function knewRecord(history: History, device: string, record: string, before: number): boolean {
  const pulled = history
    .of('cursorSaved', device)
    .some(({ seq, rows }) => seq < before && rows.some((row) => recordName(row) === record))
  return pulled || lastWriteBefore(history, device, record, before) !== undefined
}

/** The device's last write to the record before an event, if the app did not refuse it. */
function lastWriteBefore(history: History, device: string, record: string, before: number) {
  return history.operations.findLast(
    (one) =>
      one.device === device && one.invoke.seq < before && recordOf(one) === record && !one.refused,
  )
}

function unclear(history: History, creation: Commit): string {
  return `whether ${describeWriter(history, creation)} was made in the knowledge of the deletion before it cannot be told`
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
  if (deletion.derived) return []
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
    const pending = ownWritesTo(history, device, recordName(deletion)).map((operation) => ({
      // A screen may show a write as soon as it is made, before the app reports that it is saved.
      fromSeq: operation.invoke.seq,
      toSeq: completionsOf(history).knownSeqOf(operation),
    }))
    const view = history.of('view', device).find((event) => {
      const asked = askedOf(history, event)
      const isOwn = pending.some(({ fromSeq, toSeq }) => fromSeq < event.seq && toSeq > asked.seq)
      return asked.seq >= learnt.seq && !isOwn && showsDeleted(event, deletion)
    })
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
  const operation = history.operation(opId)
  const ack = operation?.device === device ? operation.acks.find(isSuccess) : undefined
  return page && ack && ack.seq < page.seq ? ack : (page ?? ack)
}

function bringsDeletion(page: EventOf<'cursorSaved'>, deletion: Commit): boolean {
  const isWithin = !deletion.derived && page.cursor >= deletion.position
  if (page.full && page.complete && isWithin) return true
  return page.rows.some(
    (row) =>
      row.deleted && row.version >= deletion.version && recordName(row) === recordName(deletion),
  )
}
