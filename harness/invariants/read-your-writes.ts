import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { acceptanceOf, completionsOf } from './reading/completion.ts'
import { viewsOf } from './reading/device-views.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { recordOf } from './reading/record-name.ts'
import { type Screen, screenOf } from './reading/screen.ts'
import { when } from './reading/wording.ts'
import { writeChains } from './reading/write-chains.ts'

/**
 * Requires a write on its own device's screens until it is complete (then others may overwrite it)
 * or until the person begins a later write of the device to the record: a screen may show that one
 * before the app says that it is saved. Judges only screens that were asked for after the write was
 * accepted.
 */
export default {
  id: 'READ-YOUR-WRITES',
  promise: 'From the moment a write is saved until it ends, its own device shows it.',
  needs: () => undefined,
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    const completions = completionsOf(history)
    const nextWriteSeq = nextWrites(history)
    for (const chain of writeChains(history)) {
      for (const operation of chain) {
        const accepted = acceptanceOf(operation)
        if (!accepted) continue
        const endSeq = Math.min(completions.seqOf(operation), nextWriteSeq(operation))
        let isJudged = false
        for (const view of viewsOf(history, operation.device).between(accepted.seq, endSeq)) {
          isJudged = true
          if (isShown(operation, screenOf(view))) continue
          if (completions.mayBeComplete(operation, view)) break
          findings.push(notShown(operation, accepted, view))
          break
        }
        if (isJudged) judged++
      }
    }
    return judgement(judged, findings)
  },
} satisfies Invariant

/** Returns the `seq` at which the person began the device's next write to the record. */
function nextWrites(history: History): (operation: Operation) => number {
  const next = new Map<Operation, number>()
  const last = new Map<string, Operation>()
  for (const operation of history.operations) {
    const record = recordOf(operation)
    if (record === undefined || operation.refused) continue
    const key = `${operation.device} ${record}`
    const before = last.get(key)
    if (before) next.set(before, operation.invoke.seq)
    last.set(key, operation)
  }
  return (operation) => next.get(operation) ?? Number.POSITIVE_INFINITY
}

/** A row without a marker may belong to any operation: it counts as shown. */
function isShown(operation: Operation, screen: Screen): boolean {
  const rows = screen.rowsAt(recordOf(operation) ?? '')
  if (operation.action.type === 'delete') return rows.length === 0
  return screen.rowsOf(operation.opId).length > 0 || rows.some((row) => row.opId === undefined)
}

function notShown(
  operation: Operation,
  accepted: EventOf<'localCommit'> | EventOf<'saved'>,
  view: EventOf<'view'>,
): Finding {
  const [instead] = screenOf(view).rowsAt(recordOf(operation) ?? '')
  const shows = instead
    ? `shows '${instead.text ?? ''}' (${instead.opId ?? 'unmarked'}) instead`
    : 'does not show it'
  return {
    message: `${describeOperation(operation)} was taken ${when(accepted)} and had not ended; ${operation.device}'s own screen ${when(view)} ${shows}`,
    opIds: [operation.opId],
    evidence: evidence(accepted, view),
  }
}
