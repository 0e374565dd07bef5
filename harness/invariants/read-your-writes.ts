import type { EventOf } from '../core/event.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { acceptanceOf, completionsOf } from './reading/completion.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { recordOf } from './reading/record-name.ts'
import { type Screen, screenOf } from './reading/screen.ts'
import { when } from './reading/wording.ts'
import { writeChains } from './reading/write-chains.ts'

/**
 * Requires a write on its own device's screens until it is complete (then others may overwrite it)
 * or until a later write of the device to the record replaces it.
 */
export default {
  id: 'READ-YOUR-WRITES',
  promise: 'From the moment a write is saved until it ends, its own device shows it.',
  needs: () => undefined,
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    const completions = completionsOf(history)
    for (const chain of writeChains(history)) {
      for (const [i, operation] of chain.entries()) {
        const accepted = acceptanceOf(operation)
        if (!accepted) continue
        const next = chain[i + 1]
        const replacedSeq = (next && acceptanceOf(next)?.seq) ?? Number.POSITIVE_INFINITY
        const endSeq = Math.min(completions.seqOf(operation), replacedSeq)
        const views = history
          .of('view', operation.device)
          .filter(({ seq }) => seq > accepted.seq && seq < endSeq)
        if (views.length > 0) judged++
        const hidden = views.find(
          (view) =>
            !isShown(operation, screenOf(view)) && !completions.mayBeComplete(operation, view),
        )
        if (hidden) findings.push(notShown(operation, accepted, hidden))
      }
    }
    return judgement(judged, findings)
  },
} satisfies Invariant

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
