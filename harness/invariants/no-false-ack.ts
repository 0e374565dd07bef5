import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, isWrite, type Operation } from '../core/operation.ts'
import { cancellations } from './reading/cancellations.ts'
import { isRecordedConflict } from './reading/conflict-records.ts'
import { tookEffect, unknownEffect } from './reading/effects.ts'
import { tellsHoldings, wasAbsent } from './reading/holdings.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { overwriteOf } from './reading/overwritten.ts'
import { recordName, recordOf } from './reading/record-name.ts'
import {
  isRefusal,
  mayTell,
  replacementOf,
  responseBefore,
  saysNothing,
} from './reading/responses.ts'
import { isSuccess } from './reading/success.ts'
import { when } from './reading/wording.ts'

/**
 * Searches the whole history for the commit, not only the part before the ack: they happen on two
 * nodes, whose timestamps prove no order, and after a server crash a commit is reported only when
 * it is found in the log. But some response must have come before the ack: only a response can
 * tell the app.
 *
 * Judges the opposite claims as well: what the app reported as refused, lost or rejected must not
 * have been carried out.
 */
export default {
  id: 'NO-FALSE-ACK',
  promise:
    'What the app takes for done was done by the server, and what it takes for refused was not.',
  needs: () => undefined,
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    let undecided: string | undefined
    const cancelled = cancellations(history)
    for (const operation of history.operations.filter(({ action }) => isWrite(action))) {
      const ack = ackOf(operation)
      const denial = denialOf(operation)
      const isCarriedOut =
        operation.refused !== undefined && tookEffect(history, operation) === true
      if (ack || denial || isCarriedOut) judged++
      if (ack) {
        const effect = tookEffect(history, operation)
        if (effect === false && !isMoot(history, operation, ack))
          findings.push(falselyAcknowledged(history, operation, ack))
        else if (effect && responseBefore(history, operation, ack) === 'none')
          findings.push(guessed(history, operation, ack))
        if (effect === undefined && !isReplaced(history, operation, ack))
          undecided ??= unknownEffect(operation)
      }
      const isDenied = denial && !cancelled.has(operation.opId) && wasApplied(history, operation)
      if (isDenied) findings.push(falselyDenied(operation, denial))
      else if (denial && !cancelled.has(operation.opId))
        undecided ??= unexplainedDenial(history, operation)
      if (isCarriedOut) findings.push(refusedAndCarriedOut(history, operation))
    }
    return judgement(judged, findings, undecided)
  },
} satisfies Invariant

type Claim = EventOf<'ackApplied'> | EventOf<'settled'>

/** The first event by which the app claims that the server carried out the operation. */
function ackOf({ acks, settled }: Operation): Claim | undefined {
  const ack = acks.find(isSuccess)
  return earlier(ack, settled?.outcome === 'acked' ? settled : undefined)
}

function earlier(one: Claim | undefined, other: Claim | undefined): Claim | undefined {
  if (!one || !other) return one ?? other
  return one.seq < other.seq ? one : other
}

/** The event by which the app claims that the server did not carry out the operation. */
function denialOf({ acks, settled }: Operation): Claim | undefined {
  const denial = acks.find(({ outcome }) => outcome === 'conflict' || outcome === 'rejected')
  return denial ?? (settled && settled.outcome !== 'acked' ? settled : undefined)
}

/**
 * Returns true if there was nothing left to do: a later write of the device to the record took
 * effect in place of this one, or the server never had the record that this operation deletes. A
 * server that tells holdings only does not report the deletion of what is deleted already.
 */
function isMoot(history: History, operation: Operation, claim: Claim): boolean {
  const record = recordOf(operation)
  const isDone = history.operations.some(
    (other) =>
      other.device === operation.device &&
      recordOf(other) === record &&
      other.invoke.seq > operation.invoke.seq &&
      other.invoke.seq < claim.seq &&
      tookEffect(history, other) !== false,
  )
  if (isDone || operation.action.type !== 'delete') return isDone
  if (tellsHoldings(history) && wasAbsent(history, record, claim)) return true
  return ![...history.of('serverCommit'), ...(history.serverState?.rows ?? [])].some(
    (one) => recordName(one) === record,
  )
}

/** Returns true if the server held a later write in its place, or what it deletes was deleted. */
function isReplaced(history: History, operation: Operation, claim: Claim): boolean {
  if (!tellsHoldings(history)) return false
  const overwrite = overwriteOf(history, operation)
  return overwrite?.isKnowing === true || isMoot(history, operation, claim)
}

/**
 * Returns true if the server reported each time that it carried the operation out, and no write of
 * somebody else came in between. A server without idempotency keys may call a repeated write a
 * conflict, and a response with an error may say that the record is there already.
 */
function wasApplied(history: History, operation: Operation): boolean {
  const { keys, commits, outcomes, requests } = operation
  const [commit] = commits
  if (!commit || outcomes.length === 0 || !outcomes.every(isSuccess)) return false
  if (requests.some(({ response }) => isRefusal(response))) return false
  const lostLater =
    history.of('serverOutcome').some(({ loser }) => loser !== undefined && keys.includes(loser)) ||
    history
      .of('serverCommit')
      .some(
        (other) =>
          recordName(other) === recordName(commit) &&
          (other.epoch !== commit.epoch || other.version !== commit.version) &&
          other.seq > commit.seq,
      )
  return !lostLater && !isRecordedConflict(history, operation)
}

/** A server that tells holdings only may have refused a repetition of what it holds. */
function unexplainedDenial(history: History, operation: Operation): string | undefined {
  const { opId, outcomes, requests } = operation
  const isHeld = history.serverState?.rows.some((row) => row.opId === opId)
  const isRefused = requests.some(({ response }) => isRefusal(response))
  return tellsHoldings(history) && isHeld && outcomes.length === 0 && !isRefused
    ? `whether the server refused ${describeOperation(operation)}, which it holds, cannot be told`
    : undefined
}

function falselyAcknowledged(history: History, operation: Operation, claim: Claim): Finding {
  const response = history
    .of('response', operation.device)
    .findLast((event) => event.seq < claim.seq && event.outcome === 'response')
  const after = response ? `, after an answer ${response.status}` : ''
  return {
    message: `${operation.device}'s app took ${describeOperation(operation)} for done ${when(claim)}${after}; the server never carried it out`,
    opIds: [operation.opId],
    evidence: evidence(response, claim),
  }
}

function guessed(history: History, operation: Operation, claim: Claim): Finding {
  const last = operation.requests.findLast(({ response }) => response && response.seq < claim.seq)
  const isMisleading = last && !mayTell(history, last)
  const isForeign = isMisleading && !saysNothing(last.response)
  const whose = isForeign ? " that was not the server's" : ''
  const after = isMisleading ? `, after ${outcomeText(last.response)}${whose}` : ''
  return {
    message: `${operation.device}'s app took ${describeOperation(operation)} for done ${when(claim)}${after}, before any answer of the server could tell`,
    opIds: [operation.opId],
    evidence: evidence(
      operation.invoke,
      isForeign ? replacementOf(last) : undefined,
      last?.response,
      claim,
    ),
  }
}

const outcomeText = (response: EventOf<'response'> | undefined) =>
  response?.status === undefined ? 'a failed request' : `an answer ${response.status}`

function falselyDenied(operation: Operation, claim: Claim): Finding {
  return {
    message: `${operation.device}'s app reported ${describeOperation(operation)} as ${claim.outcome === 'conflict' ? 'lost to another write' : 'rejected'} ${when(claim)}; the server had carried it out`,
    opIds: [operation.opId],
    evidence: evidence(operation.commits[0], claim),
  }
}

function refusedAndCarriedOut(history: History, operation: Operation): Finding {
  const { refused, commits, device, opId } = operation
  return {
    message: `${device}'s app refused ${describeOperation(operation)} ('${refused?.reason ?? ''}'), and the server carried it out`,
    opIds: [opId],
    evidence: evidence(refused, commits[0] ?? history.serverState),
  }
}
