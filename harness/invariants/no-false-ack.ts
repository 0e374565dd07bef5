import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { tookEffect, unknownEffect } from './reading/effects.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { when } from './reading/wording.ts'

/**
 * Searches the whole history for the commit, not only the part before the ack: they happen on two
 * nodes, whose timestamps prove no order, and after a server crash a commit is reported only when
 * it is found in the log.
 */
export default {
  id: 'NO-FALSE-ACK',
  promise: 'What the app takes for done was done by the server.',
  needs: () => undefined,
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    let undecided: string | undefined
    for (const operation of history.operations) {
      const claim = claimOf(operation)
      if (!claim) continue
      judged++
      const effect = tookEffect(history, operation)
      if (effect === false) findings.push(falselyAcknowledged(history, operation, claim))
      if (effect === undefined) undecided ??= unknownEffect(operation)
    }
    return judgement(judged, findings, undecided)
  },
} satisfies Invariant

type Claim = EventOf<'ackApplied'> | EventOf<'settled'>

/** The event by which the app claims that the server carried out the operation. */
function claimOf({ acks, settled }: Operation): Claim | undefined {
  const ack = acks.find(({ outcome }) => outcome === 'applied' || outcome === 'duplicate')
  return ack ?? (settled?.outcome === 'acked' ? settled : undefined)
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
