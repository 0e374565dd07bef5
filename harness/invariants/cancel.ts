import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, isWrite, type Operation } from '../core/operation.ts'
import type { RequestTrip } from '../core/request-trip.ts'
import { cancellations } from './reading/cancellations.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { recordName, recordOf } from './reading/record-name.ts'
import { hadTimeToRecover } from './reading/recovery-time.ts'
import { mayHaveBeenSent } from './reading/sending.ts'
import { when } from './reading/wording.ts'

type Acceptance = EventOf<'saved'> | EventOf<'localCommit'>

/**
 * Judges the cancellations that the app accepted. If no request had carried the write by then, it
 * must never take effect. If one had, the write may have taken effect, and must be deleted at last.
 * A cancelled deletion may have been carried out: nobody can take that back.
 */
export default {
  id: 'CANCEL',
  promise:
    'What a person took back before it was sent never arrives; what was on its way is gone in the end.',
  needs: ({ cancel }) => (cancel ? undefined : 'the client cannot take anything back'),
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    let undecided: string | undefined
    for (const { cancel, accepted, write } of acceptedCancellations(history)) {
      judged++
      const [commit] = write.commits
      if (!wasSentBefore(history, write, accepted)) {
        if (commit) findings.push(sentAfterwards(cancel, accepted, write, commit))
        continue
      }
      const isThere = isStillThere(history, write)
      if (isThere === undefined) undecided ??= unknownEnd(write)
      else if (isThere && hadTimeToRecover(history))
        findings.push(neverTakenBack(history, cancel, accepted, write))
      else if (isThere) undecided ??= `${unknownEnd(write)}: it had no time to`
    }
    return judgement(judged, findings, undecided)
  },
} satisfies Invariant

interface Cancelled {
  readonly cancel: Operation
  readonly accepted: Acceptance
  readonly write: Operation
}

/** The cancelled creations and edits, with the operation that cancelled each of them first. */
function acceptedCancellations(history: History): Cancelled[] {
  const cancels = history.operations.filter(({ action }) => action.type === 'cancel')
  return [...cancellations(history)].flatMap(([opId, seq]) => {
    const write = history.operation(opId)
    const cancel = cancels.find(({ invoke }) => invoke.seq === seq)
    const accepted = cancel?.saved ?? cancel?.localCommit
    const isAccepted = write?.saved !== undefined || write?.localCommit !== undefined
    if (!cancel || !accepted || !write || !isAccepted) return []
    return isWrite(write.action) && write.action.type !== 'delete'
      ? [{ cancel, accepted, write }]
      : []
  })
}

/** Returns true unless it is certain that no request had carried the write by then. */
function wasSentBefore(history: History, write: Operation, accepted: Acceptance): boolean {
  if (write.requests.length === 0) return mayHaveBeenSent(history, write)
  // A request that is refused only later was still under way: the app could not know.
  const hadNoConnection = ({ response }: RequestTrip) =>
    response?.outcome === 'refused' && response.seq < accepted.seq
  return write.requests.some((trip) => trip.request.seq < accepted.seq && !hadNoConnection(trip))
}

/** Returns true if the server still shows the write at the end; undefined if it was not read. */
function isStillThere(history: History, write: Operation): boolean | undefined {
  const state = history.serverState
  if (!state) return write.commits.length > 0 ? undefined : false
  const record = recordOf(write)
  return state.rows.some(
    (row) => !row.deleted && (row.opId === write.opId || isUnmarkedRow(row, record, write)),
  )
}

/** A row without a marker is the write's if the write made its version. */
function isUnmarkedRow(
  row: EventOf<'serverState'>['rows'][number],
  record: string | undefined,
  { commits }: Operation,
): boolean {
  const isSameVersion = commits.some(({ version }) => version === row.version)
  return row.opId === undefined && recordName(row) === record && isSameVersion
}

const unknownEnd = (write: Operation) =>
  `whether ${describeOperation(write)}, which was taken back, is gone cannot be told`

function sentAfterwards(
  cancel: Operation,
  accepted: Acceptance,
  write: Operation,
  commit: EventOf<'serverCommit'>,
): Finding {
  const [sent] = write.requests
  return {
    message: `${cancel.device} took back ${describeOperation(write)} ${when(accepted)}, before it was sent; the server carried it out ${when(commit)}`,
    opIds: [write.opId, cancel.opId],
    evidence: evidence(accepted, sent?.request, commit),
  }
}

function neverTakenBack(
  history: History,
  cancel: Operation,
  accepted: Acceptance,
  write: Operation,
): Finding {
  return {
    message: `${cancel.device} took back ${describeOperation(write)} ${when(accepted)}, while it was on its way; the server still has it at the end`,
    opIds: [write.opId, cancel.opId],
    evidence: evidence(accepted, write.commits[0], history.serverState),
  }
}
