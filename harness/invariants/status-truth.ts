import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describe, type Operation } from '../core/operation.ts'
import { tookEffect } from './reading/effects.ts'
import { evidence, when } from './reading/words.ts'

/**
 * 'sent' is held against the whole history, since no stamps order a screen and a commit on another node. 'failed' is held against what the device itself knew:
 * an app whose answer was lost may honestly say that it does not know. That a clock icon goes away in time is LIVENESS.
 */
export default {
  id: 'STATUS-TRUTH',
  promise: 'A check icon means that the server has it; a failure icon means that it is not on its way and not known to have arrived.',
  needs: ({ statuses }) => (statuses ? undefined : 'the client shows no statuses'),
  check(history) {
    const seen = new Set<string>()
    const findings = new Map<string, Finding>()
    let undecided: string | undefined
    for (const view of history.of('view')) {
      for (const { op, status } of view.view.rows) {
        if (op === undefined || (status !== 'sent' && status !== 'failed')) continue
        const name = `${view.node} ${op} ${status}`
        const operation = history.operation(op)
        if (!operation || findings.has(name)) continue
        if (status === 'failed') {
          seen.add(name)
          const finding = falselyFailed(history, operation, view)
          if (finding) findings.set(name, finding)
          continue
        }
        if (seen.has(name)) continue
        seen.add(name)
        const effect = tookEffect(history, operation)
        if (effect === undefined) undecided ??= `whether ${describe(operation)} took effect cannot be told: the server does not show it`
        if (effect === false)
          findings.set(name, {
            message: `${view.node}'s screen says 'sent' of ${describe(operation)} ${when(view)}; the server never had it`,
            ops: [op],
            evidence: evidence(view),
          })
      }
    }
    return { judged: seen.size, findings: [...findings.values()], ...(undecided !== undefined && { undecided }) }
  },
} satisfies Invariant

function falselyFailed(history: History, operation: Operation, view: EventOf<'view'>): Finding | undefined {
  if (operation.device !== view.node) return undefined
  const said = (words: string, proof: { readonly seq: number }): Finding => ({
    message: `${view.node}'s screen says 'failed' of ${describe(operation)} ${when(view)} although ${words}`,
    ops: [operation.op],
    evidence: evidence(proof, view),
  })
  const ack = operation.acks.find((event) => event.seq < view.seq && (event.outcome === 'applied' || event.outcome === 'duplicate'))
  if (ack) return said(`its app had learnt ${when(ack)} that the server has it`, ack)
  const { requests } = operation
  const open = requests.find(({ request, response }) => request.seq < view.seq && (!response || response.seq > view.seq))
  if (!open) return undefined
  const died = history.of('crash', view.node).some((crash) => crash.seq > open.request.seq && crash.seq < view.seq)
  return died ? undefined : said(`a request with it is still under way`, open.request)
}
