import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describe } from '../core/operation.ts'
import { tookEffect } from './reading/effects.ts'
import { evidence, when } from './reading/words.ts'

/**
 * Asked of the whole history rather than of what came before: an ack and its commit happen on two nodes, whose stamps prove no order, and a commit that a
 * crash kept from being reported shows only when the server finds it in its log.
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
      const ack = operation.acks.find(
        ({ outcome }) => outcome === 'applied' || outcome === 'duplicate',
      )
      const told = operation.settled?.outcome === 'acked' ? operation.settled : undefined
      const claim = ack ?? told
      if (!claim) continue
      judged++
      const effect = tookEffect(history, operation)
      if (effect === undefined)
        undecided ??= `whether ${describe(operation)} took effect cannot be told: the server does not show it`
      if (effect !== false) continue
      const response = lastAnswerBefore(history, operation.device, claim.seq)
      findings.push({
        message: `${operation.device}'s app took ${describe(operation)} for done ${when(claim)}${response ? `, after an answer ${response.status}` : ''}; the server never carried it out`,
        ops: [operation.op],
        evidence: evidence(response, claim),
      })
    }
    return { judged, findings, ...(undecided !== undefined && { undecided }) }
  },
} satisfies Invariant

function lastAnswerBefore(history: History, device: string, seq: number) {
  return history
    .of('response', device)
    .findLast((event) => event.seq < seq && event.outcome === 'response')
}
