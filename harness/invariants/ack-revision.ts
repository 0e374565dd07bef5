import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { completionsOf } from './reading/completion.ts'
import { viewsOf } from './reading/device-views.ts'
import { mayBeDecidedUnreported } from './reading/holdings.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { screenOf } from './reading/screen.ts'
import { moment, when } from './reading/wording.ts'
import { writeChains } from './reading/write-chains.ts'

type Ack = Operation['acks'][number]
type View = EventOf<'view'>

/**
 * Finds two kinds of breach: an ack clears the outbox entry that holds a later revision; or the
 * first screen after the ack no longer shows a later write as waiting, although nothing completed
 * it.
 */
export default {
  id: 'ACK-REVISION',
  promise: 'The answer to an older revision leaves newer edits of the same record waiting.',
  needs: ({ outbox }) => (outbox ? undefined : 'the client does not say when it applies an answer'),
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    let undecided: string | undefined
    for (const chain of writeChains(history)) {
      for (const [i, operation] of chain.entries()) {
        for (const ack of operation.acks) {
          judged++
          const waiting = waitingRevisions(history, chain.slice(i + 1), ack)
          const sharing = waiting.find((one) => ack.cleared && one.localCommit?.key === ack.key)
          const view = firstViewAfter(history, operation.device, ack)
          const hidden = view && hiddenRevision(history, waiting, view)
          if (sharing) findings.push(cleared(operation, sharing, ack))
          else if (hidden) findings.push(cleared(operation, hidden, ack, view))
          else if (!view && !diedAfter(history, operation.device, ack))
            undecided ??= unobserved(waiting, ack)
        }
      }
    }
    return judgement(judged, findings, undecided)
  },
} satisfies Invariant

/** Selects the later writes that were stored before the ack and complete only after it. */
function waitingRevisions(history: History, later: readonly Operation[], ack: Ack): Operation[] {
  return later.filter(
    (one) =>
      one.localCommit &&
      one.localCommit.seq < ack.seq &&
      one.localCommit.rev > ack.rev &&
      completionsOf(history).seqOf(one) > ack.seq,
  )
}

/** The first screen after the ack, unless the device died before it: DURABLE judges that. */
function firstViewAfter(history: History, device: string, ack: Ack): View | undefined {
  const view = viewsOf(history, device).firstAfter(ack.seq)
  const death = diedAfter(history, device, ack)
  return view && death && death.seq < view.seq ? undefined : view
}

function diedAfter(history: History, device: string, ack: Ack): EventOf<'crash'> | undefined {
  return history.of('crash', device).find((event) => event.seq > ack.seq)
}

/**
 * Returns the newest waiting write if the screen does not show it as waiting. Older ones are not
 * checked: a client may merge them into the newest.
 */
function hiddenRevision(
  history: History,
  waiting: readonly Operation[],
  view: View,
): Operation | undefined {
  const newest = waiting.filter((one) => completionsOf(history).seqOf(one) > view.seq).at(-1)
  return newest && !isWaiting(history, newest, view) ? newest : undefined
}

function isWaiting(history: History, operation: Operation, view: View): boolean {
  if (operation.commits.length + operation.outcomes.length > 0) return true
  if (mayBeDecidedUnreported(history, operation)) return true
  const screen = screenOf(view)
  const rows = screen.rowsOf(operation.opId)
  return screen.entryOf(operation) !== undefined || rows.some(({ status }) => status !== 'sent')
}

function unobserved(waiting: readonly Operation[], ack: Ack): string | undefined {
  const newest = waiting.at(-1)
  return (
    newest &&
    `whether ${describeOperation(newest)} still waited after ${moment(ack)} cannot be told: no screen was seen after it`
  )
}

function cleared(operation: Operation, newer: Operation, ack: Ack, view?: View): Finding {
  return {
    message: `the answer to ${describeOperation(operation)}, revision ${ack.rev}, applied ${when(ack)}, took ${describeOperation(newer)} (revision ${newer.localCommit?.rev}) for done as well`,
    opIds: [...new Set([operation.opId, newer.opId])],
    evidence: evidence(newer.localCommit, ack, view),
  }
}
