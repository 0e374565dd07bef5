import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, isWrite, type Operation } from '../core/operation.ts'
import { cancellations } from './reading/cancellations.ts'
import { tookEffect } from './reading/effects.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { describeWriter } from './reading/record-commits.ts'
import { recordName, recordOf } from './reading/record-name.ts'
import { dependsOnRefused, hasReasonToFail } from './reading/refusals.ts'
import { isRefusal } from './reading/responses.ts'
import { when } from './reading/wording.ts'

type Commit = EventOf<'serverCommit'>
type Rejection = EventOf<'serverOutcome'>

/**
 * Judges rejections by the versions that the server itself reports. A conflict, a record that is
 * deleted, missing or there already, an earlier write that was refused, an error status and a rule
 * of the server are causes. What the rule says about the content is not judged.
 */
export default {
  id: 'REJECTED-WITH-CAUSE',
  promise:
    'No write is refused for good without a cause: a conflict, a record that is gone or there already, a rule of the server.',
  needs: () => undefined,
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    let undecided: string | undefined
    const cancelled = cancellations(history)
    for (const operation of history.operations) {
      if (!isWrite(operation.action) || cancelled.has(operation.opId)) continue
      const rejection = finalRejectionOf(operation)
      if (rejection) {
        judged++
        const reason = contradiction(history, operation, rejection)
        if (reason) findings.push(withoutCause(operation, rejection, reason))
        else if (!hasCause(history, operation, rejection)) undecided ??= noRule(operation)
      } else if (operation.settled?.outcome === 'rejected') {
        judged++
        const wasApplied = tookEffect(history, operation) !== false
        if (!wasApplied && hasReasonToFail(history, operation) === false)
          findings.push(neverRejected(operation, operation.settled))
      }
    }
    return judgement(judged, findings, undecided)
  },
} satisfies Invariant

/** The server's rejection of a write that never took effect, neither before nor after it. */
function finalRejectionOf({ outcomes, commits }: Operation): Rejection | undefined {
  if (commits.length > 0) return undefined
  return outcomes.every(({ outcome }) => outcome === 'rejected') ? outcomes[0] : undefined
}

/** The reason why there was no need of the rejection, in words, with the event that proves it. */
interface Contradiction {
  readonly text: string
  readonly proof?: Commit
}

/** Checks a rejection against what the server had committed before. */
function contradiction(
  history: History,
  operation: Operation,
  { base, head, seq }: Rejection,
): Contradiction | undefined {
  const record = recordOf(operation)
  const last = lastCommitBefore(history, operation, seq)
  // Before a restored server an old version proves nothing.
  const epochs = new Set(history.of('serverCommit').map(({ epoch }) => epoch))
  if (head === undefined || epochs.size > 1) return undefined
  if (isMadeUp(history, record, base, head))
    return { text: `the app sent it as made on version ${base}, which nobody had made` }
  if (!last) return undefined
  const isMissing = operation.action.type !== 'create' && head === 0 && last.write !== 'delete'
  if (isMissing)
    return { text: `the record is there: ${describeWriter(history, last)}`, proof: last }
  // Whoever creates a record on its newest version, a deletion, knew all that there was to know.
  const mayStand = operation.action.type === 'create' || last.write !== 'delete'
  const isForgotten = base !== undefined && base > head && base === last.version
  return mayStand && isForgotten
    ? {
        text: `it was made on version ${base}, ${describeWriter(history, last)}, which the server had made itself`,
        proof: last,
      }
    : undefined
}

/** The last commit to the operation's record before an event. */
function lastCommitBefore(history: History, operation: Operation, seq: number): Commit | undefined {
  const record = recordOf(operation)
  return history
    .of('serverCommit')
    .findLast((commit) => commit.seq < seq && recordName(commit) === record)
}

/** Returns true if no write to the record ever had the version that the write names as its base. */
function isMadeUp(
  history: History,
  record: string | undefined,
  base: number | undefined,
  head: number,
): boolean {
  if (base === undefined || base <= head) return false
  return !history
    .of('serverCommit')
    .some((commit) => recordName(commit) === record && commit.version >= base)
}

function hasCause(
  history: History,
  operation: Operation,
  { base, head, rule, seq }: Rejection,
): boolean {
  const last = lastCommitBefore(history, operation, seq)
  const isThere = last !== undefined && last.write !== 'delete'
  return (
    rule !== undefined ||
    base !== head ||
    isThere === (operation.action.type === 'create') ||
    dependsOnRefused(history, operation) ||
    operation.requests.some(({ response }) => isRefusal(response))
  )
}

const noRule = (operation: Operation) =>
  `why the server rejected ${describeOperation(operation)} cannot be told: it names no rule`

function withoutCause(
  operation: Operation,
  rejection: Rejection,
  { text, proof }: Contradiction,
): Finding {
  const rule = rejection.rule === undefined ? '' : ` (${rejection.rule})`
  return {
    message: `the server rejected ${describeOperation(operation)} ${when(rejection)}${rule} without a cause: ${text}`,
    opIds: [operation.opId],
    evidence: evidence(proof, rejection),
  }
}

function neverRejected(operation: Operation, settled: EventOf<'settled'>): Finding {
  const reason = settled.reason === undefined ? '' : ` (${settled.reason})`
  return {
    message: `${operation.device}'s app reported ${describeOperation(operation)} as rejected ${when(settled)}${reason}; the server never rejected it`,
    opIds: [operation.opId],
    evidence: evidence(operation.requests.at(-1)?.request, settled),
  }
}
