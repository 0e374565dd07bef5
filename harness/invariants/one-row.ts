import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation } from '../core/operation.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { screenOf } from './reading/screen.ts'
import { moment, times } from './reading/wording.ts'

/** Judges every screen, not only the last one: a user may answer a duplicated message at once. */
export default {
  id: 'ONE-ROW',
  promise: 'No screen shows one thing twice.',
  needs: () => undefined,
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    for (const device of history.devices) {
      const sightings = sightingsOf(history, device)
      judged += sightings.size
      for (const sighting of sightings.values())
        if (sighting.doubled) findings.push(shownTwice(history, sighting.op, sighting.doubled))
    }
    return judgement(judged, findings)
  },
} satisfies Invariant

interface Sighting {
  readonly op: string
  /** Set if the operation ever had several rows on one screen. */
  readonly doubled?: Doubling
}

/**
 * The first and the last screen with several rows of an operation, and the largest number of rows.
 */
interface Doubling {
  readonly first: EventOf<'view'>
  readonly last: EventOf<'view'>
  readonly rows: number
}

/** The operations that a device ever showed. */
function sightingsOf(history: History, device: string): ReadonlyMap<string, Sighting> {
  const sightings = new Map<string, Sighting>()
  for (const view of history.of('view', device)) {
    const ops = new Set(view.view.rows.flatMap(({ op }) => op ?? []))
    for (const op of ops) {
      const rows = screenOf(view).rowsOf(op).length
      const before = sightings.get(op)?.doubled
      const doubled = rows > 1 ? extend(before, view, rows) : before
      sightings.set(op, { op, ...(doubled && { doubled }) })
    }
  }
  return sightings
}

function extend(before: Doubling | undefined, view: EventOf<'view'>, rows: number): Doubling {
  return { first: before?.first ?? view, last: view, rows: Math.max(before?.rows ?? 0, rows) }
}

function shownTwice(history: History, op: string, { first, last, rows }: Doubling): Finding {
  const operation = history.operation(op)
  const next = history.of('view', first.node).find((view) => view.seq > last.seq)
  const ended = next && screenOf(next).rowsOf(op).length < 2
  const until = ended ? `until ${moment(next)}` : 'to the end'
  return {
    message: `${first.node}'s screen shows ${operation ? describeOperation(operation) : op} ${times(rows)}, from ${moment(first)} ${until}`,
    ops: [op],
    evidence: evidence(first),
  }
}
