import type { EventOf } from '../core/event.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describe, type Operation } from '../core/operation.ts'
import { chains } from './reading/chains.ts'
import { begun, endingsOf } from './reading/ending.ts'
import { recordOf, type Screen, screenOf } from './reading/screen.ts'
import { evidence, when } from './reading/words.ts'

/** A later write of the same device to the record takes over from an earlier one. What has ended may be overwritten by others. */
export default {
  id: 'READ-YOUR-WRITES',
  promise: 'From the moment a write is saved until it ends, its own device shows it.',
  needs: () => undefined,
  check(history) {
    const endings = endingsOf(history)
    let judged = 0
    const findings: Finding[] = []
    for (const chain of chains(history)) {
      for (const [i, operation] of chain.entries()) {
        const start = begun(operation)
        const next = chain[i + 1]
        const until = Math.min(
          endings.end(operation),
          (next && begun(next)?.seq) ?? Number.POSITIVE_INFINITY,
        )
        if (!start) continue
        const views = history
          .of('view', operation.device)
          .filter((view) => view.seq > start.seq && view.seq < until)
        if (views.length === 0) continue
        judged++
        const hidden = views.find(
          (view) => !isShown(operation, screenOf(view)) && !endings.mayBeOver(operation, view),
        )
        if (hidden) findings.push(notShown(operation, start, hidden))
      }
    }
    return { judged, findings }
  },
} satisfies Invariant

/** A row without a marker may be anybody's: it counts as shown. */
function isShown(operation: Operation, screen: Screen): boolean {
  const rows = screen.rowsAt(recordOf(operation) ?? '')
  if (operation.action.type === 'delete') return rows.length === 0
  return screen.rowsOf(operation.op).length > 0 || rows.some((row) => row.op === undefined)
}

function notShown(
  operation: Operation,
  start: { readonly seq: number; readonly t: number },
  view: EventOf<'view'>,
): Finding {
  const [instead] = screenOf(view).rowsAt(recordOf(operation) ?? '')
  const shows = instead
    ? `shows '${instead.text ?? ''}' (${instead.op ?? 'unmarked'}) instead`
    : 'does not show it'
  return {
    message: `${describe(operation)} was taken ${when(start)} and had not ended; ${operation.device}'s own screen ${when(view)} ${shows}`,
    ops: [operation.op],
    evidence: evidence(start, view),
  }
}
