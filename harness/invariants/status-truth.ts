import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describe, type Operation } from '../core/operation.ts'
import { tookEffect } from './reading/effects.ts'
import { evidence, when } from './reading/words.ts'

/**
 * 'sent' is held against the whole history, since no stamps order a screen and a commit on another node, and against what the device itself had heard: a check icon before
 * any answer is a guess, also where it comes true later. 'failed' is held against what the device itself knew:
 * an app whose answer was lost may honestly say that it does not know. That a clock icon goes away in time is LIVENESS.
 */
export default {
  id: 'STATUS-TRUTH',
  promise:
    'A check icon means that the server has it; a failure icon means that it is not on its way and not known to have arrived.',
  needs: ({ statuses }) => (statuses ? undefined : 'the client shows no statuses'),
  check(history) {
    let judged = 0
    const findings: Finding[] = []
    let undecided: string | undefined
    for (const device of history.devices) {
      const sent = new Set<string>()
      const failed = new Map<string, Finding | undefined>()
      for (const view of history.of('view', device)) {
        for (const { op, status } of view.view.rows) {
          if (
            op === undefined ||
            (status !== 'sent' && status !== 'failed') ||
            (status === 'sent' && sent.has(op))
          )
            continue
          const operation = history.operation(op)
          if (!operation) continue
          if (status === 'failed') {
            failed.set(op, failed.get(op) ?? falselyFailed(history, operation, view))
            continue
          }
          sent.add(op)
          const effect = tookEffect(history, operation)
          if (effect === undefined)
            undecided ??= `whether ${describe(operation)} took effect cannot be told: the server does not show it`
          if (effect === false) {
            const message = `${device}'s screen says 'sent' of ${describe(operation)} ${when(view)}; the server never had it`
            findings.push({ message, ops: [op], evidence: evidence(view) })
          } else if (isGuess(history, operation, view)) {
            const message = `${device}'s screen says 'sent' of ${describe(operation)} ${when(view)}, before any answer of the server could tell`
            findings.push({ message, ops: [op], evidence: evidence(operation.invoke, view) })
          }
        }
      }
      judged += sent.size + failed.size
      findings.push(...[...failed.values()].flatMap((finding) => finding ?? []))
    }
    return { judged, findings, ...(undecided !== undefined && { undecided }) }
  },
} satisfies Invariant

/** The writer's own device had no answer yet that could speak of it: none to a request with it, and none to a pull. */
function isGuess(
  history: History,
  { op, device, invoke }: Operation,
  view: EventOf<'view'>,
): boolean {
  // A program whose requests we do not see may know what we do not.
  if (device !== view.node || history.of('request', device).length === 0) return false
  return !history.requests.some(({ request, response, device: asking }) => {
    const answered =
      asking === device &&
      response?.outcome === 'response' &&
      response.seq > invoke.seq &&
      response.seq < view.seq
    return answered && (request.ops.length === 0 || request.ops.includes(op))
  })
}

function falselyFailed(
  history: History,
  operation: Operation,
  view: EventOf<'view'>,
): Finding | undefined {
  if (operation.device !== view.node) return undefined
  const said = (words: string, proof: { readonly seq: number }): Finding => ({
    message: `${view.node}'s screen says 'failed' of ${describe(operation)} ${when(view)} although ${words}`,
    ops: [operation.op],
    evidence: evidence(proof, view),
  })
  const ack = operation.acks.find(
    (event) =>
      event.seq < view.seq && (event.outcome === 'applied' || event.outcome === 'duplicate'),
  )
  if (ack) return said(`its app had learnt ${when(ack)} that the server has it`, ack)
  const { requests } = operation
  const open = requests.find(
    ({ request, response }) => request.seq < view.seq && (!response || response.seq > view.seq),
  )
  if (!open) return undefined
  const died = history
    .of('crash', view.node)
    .some((crash) => crash.seq > open.request.seq && crash.seq < view.seq)
  return died ? undefined : said(`a request with it is still under way`, open.request)
}
