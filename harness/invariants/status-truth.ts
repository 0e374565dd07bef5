import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { tookEffect, unknownEffect } from './reading/effects.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { when } from './reading/wording.ts'

type View = EventOf<'view'>

/**
 * Checks 'sent' against the commits of the whole history, since timestamps on two nodes prove no
 * order; and against the responses that the device had received: a check icon before any response
 * is a guess, even a right one. Checks 'failed' only against what the device knew: if the response
 * was lost, the app may not know that the write was committed. LIVENESS checks that a clock icon
 * disappears in time.
 */
export default {
  id: 'STATUS-TRUTH',
  promise:
    'A check icon means that the server has it; a failure icon means that it is not on its way and not known to have arrived.',
  needs: ({ statuses }) => (statuses ? undefined : 'the client shows no statuses'),
  check(history) {
    let judged = 0
    let undecided: string | undefined
    const findings: Finding[] = []
    for (const device of history.devices) {
      const icons = iconsOf(history, device)
      judged += icons.sent.size + icons.failed.size
      for (const [operation, view] of icons.sent) {
        const effect = tookEffect(history, operation)
        if (effect === false) findings.push(neverArrived(operation, view))
        else if (isGuess(history, operation, view)) findings.push(guessed(operation, view))
        if (effect === undefined) undecided ??= unknownEffect(operation)
      }
      for (const [operation, views] of icons.failed) {
        const results = views.map((view) => falselyFailed(history, operation, view))
        findings.push(...results.filter((finding) => finding !== undefined).slice(0, 1))
      }
    }
    return judgement(judged, findings, undecided)
  },
} satisfies Invariant

interface Icons {
  /** The operations shown with a check icon, each with the first such screen. */
  readonly sent: ReadonlyMap<Operation, View>
  /** The operations shown with a failure icon, each with all such screens. */
  readonly failed: ReadonlyMap<Operation, readonly View[]>
}

function iconsOf(history: History, device: string): Icons {
  const sent = new Map<Operation, View>()
  const failed = new Map<Operation, View[]>()
  for (const view of history.of('view', device)) {
    for (const { opId, status } of view.view.rows) {
      const operation = opId === undefined ? undefined : history.operation(opId)
      if (!operation) continue
      if (status === 'sent' && !sent.has(operation)) sent.set(operation, view)
      if (status !== 'failed') continue
      const views = failed.get(operation) ?? []
      views.push(view)
      failed.set(operation, views)
    }
  }
  return { sent, failed }
}

function neverArrived(operation: Operation, view: View): Finding {
  return {
    message: `${view.node}'s screen says 'sent' of ${describeOperation(operation)} ${when(view)}; the server never had it`,
    opIds: [operation.opId],
    evidence: evidence(view),
  }
}

function guessed(operation: Operation, view: View): Finding {
  return {
    message: `${view.node}'s screen says 'sent' of ${describeOperation(operation)} ${when(view)}, before any answer of the server could tell`,
    opIds: [operation.opId],
    evidence: evidence(operation.invoke, view),
  }
}

/**
 * Returns true if the writer's own device had no response yet that could report the write: none to
 * a request that carried it, and none to a pull.
 */
function isGuess(history: History, { opId, device, invoke }: Operation, view: View): boolean {
  // If requests are not observed, the client may know more than the history contains.
  if (device !== view.node || history.of('request', device).length === 0) return false
  return !history.requests.some(({ request, response, device: sender }) => {
    const isAnswered =
      sender === device &&
      response?.outcome === 'response' &&
      response.seq > invoke.seq &&
      response.seq < view.seq
    return isAnswered && (request.opIds.length === 0 || request.opIds.includes(opId))
  })
}

function falselyFailed(history: History, operation: Operation, view: View): Finding | undefined {
  if (operation.device !== view.node) return undefined
  const finding = (why: string, proof: { readonly seq: number }): Finding => ({
    message: `${view.node}'s screen says 'failed' of ${describeOperation(operation)} ${when(view)} although ${why}`,
    opIds: [operation.opId],
    evidence: evidence(proof, view),
  })
  const ack = operation.acks.find(
    ({ seq, outcome }) => seq < view.seq && (outcome === 'applied' || outcome === 'duplicate'),
  )
  if (ack) return finding(`its app had learnt ${when(ack)} that the server has it`, ack)
  const open = operation.requests.find(
    ({ request, response }) => request.seq < view.seq && (!response || response.seq > view.seq),
  )
  if (!open) return undefined
  const senderDied = history
    .of('crash', view.node)
    .some((crash) => crash.seq > open.request.seq && crash.seq < view.seq)
  return senderDied ? undefined : finding('a request with it is still under way', open.request)
}
