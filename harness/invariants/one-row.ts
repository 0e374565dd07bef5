import type { EventOf } from '../core/event.ts'
import type { Invariant } from '../core/invariant.ts'
import { describe } from '../core/operation.ts'
import { screenOf } from './reading/screen.ts'
import { evidence, times, when } from './reading/words.ts'

/** Every screen is judged, not the last one alone: a person answers a doubled message at once. */
export default {
  id: 'ONE-ROW',
  promise: 'No screen shows one thing twice.',
  needs: () => undefined,
  check(history) {
    let judged = 0
    const doubled: Doubled[] = []
    for (const device of history.devices) {
      const seen = new Map<string, Doubled | undefined>()
      for (const view of history.of('view', device)) {
        const once = new Set<string>()
        for (const { op } of view.view.rows) {
          if (op === undefined) continue
          if (!once.has(op)) {
            once.add(op)
            if (!seen.has(op)) seen.set(op, undefined)
            continue
          }
          const before = seen.get(op)
          const rows = screenOf(view).rowsOf(op).length
          seen.set(op, {
            op,
            first: before?.first ?? view,
            last: view,
            rows: Math.max(before?.rows ?? 0, rows),
          })
        }
      }
      judged += seen.size
      doubled.push(...[...seen.values()].flatMap((one) => one ?? []))
    }
    return {
      judged,
      findings: doubled.map(({ first, last, op, rows }) => {
        const operation = history.operation(op)
        const next = history.of('view', first.node).find((view) => view.seq > last.seq)
        const until =
          next && screenOf(next).rowsOf(op).length < 2
            ? `until ${when(next).slice(3)}`
            : 'to the end'
        return {
          message: `${first.node}'s screen shows ${operation ? describe(operation) : op} ${times(rows)}, from ${when(first).slice(3)} ${until}`,
          ops: [op],
          evidence: evidence(first),
        }
      }),
    }
  },
} satisfies Invariant

interface Doubled {
  readonly op: string
  readonly first: EventOf<'view'>
  readonly last: EventOf<'view'>
  readonly rows: number
}
