import type { EventOf } from '../core/event.ts'
import { groupBy } from '../core/group.ts'
import type { Invariant } from '../core/invariant.ts'
import { describe } from '../core/operation.ts'
import { screenOf } from './reading/screen.ts'
import { evidence, when } from './reading/words.ts'

/** Every screen is judged, not the last one alone: a person answers a doubled message at once. */
export default {
  id: 'ONE-ROW',
  promise: 'No screen shows one thing twice.',
  needs: () => undefined,
  check(history) {
    const seen = new Set<string>()
    const doubled = new Map<string, { readonly first: EventOf<'view'>; last: EventOf<'view'>; readonly op: string; rows: number }>()
    for (const view of history.of('view')) {
      for (const [op, rows] of groupBy(view.view.rows, (row) => row.op)) {
        if (op === undefined) continue
        const name = `${view.node} ${op}`
        seen.add(name)
        if (rows.length < 2) continue
        const before = doubled.get(name)
        if (before) Object.assign(before, { last: view, rows: Math.max(before.rows, rows.length) })
        else doubled.set(name, { first: view, last: view, op, rows: rows.length })
      }
    }
    return {
      judged: seen.size,
      findings: [...doubled.values()].map(({ first, last, op, rows }) => {
        const operation = history.operation(op)
        const next = history.of('view', first.node).find((view) => view.seq > last.seq)
        const until = next && screenOf(next).rowsOf(op).length < 2 ? `until ${when(next).slice(3)}` : 'to the end'
        return {
          message: `${first.node}'s screen shows ${operation ? describe(operation) : op} ${rows} times, from ${when(first).slice(3)} ${until}`,
          ops: [op],
          evidence: evidence(first),
        }
      }),
    }
  },
} satisfies Invariant
