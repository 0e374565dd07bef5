import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { isWrite } from '../core/operation.ts'
import { begun, endingsOf } from './reading/ending.ts'
import { lineages, opOf, writerOf } from './reading/lineage.ts'
import { isUnconfirmed, recordName, recordOf, screenOf } from './reading/screen.ts'
import { evidence, when } from './reading/words.ts'

type Commit = EventOf<'serverCommit'>

/** A creation made knowing of the deletion brings a record back rightly. A screen is held to a deletion from when its device had learnt of it. */
export default {
  id: 'NO-RESURRECT',
  promise:
    'What was deleted stays deleted, on the server and on every screen that has learnt of it, until somebody knowingly makes it anew.',
  needs: (capabilities) => (capabilities.delete ? undefined : 'the client cannot delete'),
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    for (const line of lineages(history)) {
      for (const [i, deletion] of line.entries()) {
        if (deletion.write !== 'delete') continue
        judged++
        const next = line[i + 1]
        if (
          next &&
          next.write !== 'delete' &&
          !isKnowing(history, next, deletion, line.slice(0, i))
        ) {
          findings.push({
            message: `${writerOf(history, next)} brought ${deletion.record} back ${when(next)}, after ${writerOf(history, deletion)} took effect ${when(deletion)}`,
            ops: opsOf(history, deletion, next),
            evidence: evidence(deletion, next),
          })
        }
        if (!next) findings.push(...onScreens(history, deletion), ...onServer(history, deletion))
      }
    }
    return { judged, findings }
  },
} satisfies Invariant

/** Where the protocol tells no base, a creation that had taken effect before the deletion is a late retry. */
function isKnowing(
  history: History,
  creation: Commit,
  deletion: Commit,
  earlier: readonly Commit[],
): boolean {
  if (creation.write !== 'create') return false
  if (creation.base !== undefined) return creation.base >= deletion.version
  const op = opOf(history, creation)
  return op === undefined || !earlier.some((commit) => opOf(history, commit) === op)
}

function onServer(history: History, deletion: Commit): Finding[] {
  const state = history.serverState
  if (state?.epoch !== deletion.epoch) return []
  const live = state.rows.some((row) => !row.deleted && recordName(row) === recordName(deletion))
  if (!live) return []
  const message = `${writerOf(history, deletion)} took effect ${when(deletion)}, but the server still has ${deletion.record} at the end`
  return [{ message, ops: opsOf(history, deletion), evidence: evidence(deletion, state) }]
}

function onScreens(history: History, deletion: Commit): Finding[] {
  const record = recordName(deletion)
  return history.devices.flatMap((device) => {
    const learnt = learntOf(history, device, deletion)
    if (!learnt) return []
    const own = history.operations.filter(
      (one) =>
        one.device === device &&
        isWrite(one.action) &&
        one.action.type !== 'delete' &&
        recordOf(one) === record &&
        begun(one),
    )
    const shown = history.of('view', device).find((view) => {
      if (
        view.seq < learnt.seq ||
        own.some(
          (one) => (begun(one)?.seq ?? 0) < view.seq && endingsOf(history).end(one) > view.seq,
        )
      )
        return false
      return screenOf(view)
        .rowsAt(record)
        .some((row) => !isUnconfirmed(row) && (row.version ?? 0) <= deletion.version)
    })
    if (!shown) return []
    const message = `${device}'s screen ${when(shown)} shows ${deletion.record} again; its app had learnt ${when(learnt)} that it is deleted`
    return [{ message, ops: opsOf(history, deletion), evidence: evidence(deletion, learnt, shown) }]
  })
}

/** The device has the tombstone, or a complete snapshot made after it, or the answer to its own deletion. */
function learntOf(history: History, device: string, deletion: Commit) {
  const page = history
    .of('cursorSaved', device)
    .find(
      ({ epoch, rows, full, complete, cursor }) =>
        epoch === deletion.epoch &&
        ((full && complete && cursor >= deletion.position) ||
          rows.some(
            (row) =>
              row.deleted &&
              row.version >= deletion.version &&
              recordName(row) === recordName(deletion),
          )),
    )
  const op = opOf(history, deletion)
  const operation = op === undefined ? undefined : history.operation(op)
  const ack =
    operation?.device === device
      ? operation.acks.find(({ outcome }) => outcome === 'applied' || outcome === 'duplicate')
      : undefined
  return page && ack ? (page.seq < ack.seq ? page : ack) : (page ?? ack)
}

function opsOf(history: History, ...commits: readonly Commit[]): string[] {
  return [...new Set(commits.flatMap((commit) => opOf(history, commit) ?? []))]
}
