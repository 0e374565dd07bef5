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
        if (sighting.doubled) findings.push(shownTwice(history, sighting.opId, sighting.doubled))
    }
    return judgement(judged, findings)
  },
} satisfies Invariant

interface Sighting {
  readonly opId: string
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
    const shown = view.view.rows.flatMap(({ opId }) => opId ?? [])
    const opIds = new Set(shown)
    const isDistinct = opIds.size === shown.length
    for (const opId of opIds) {
      if (isDistinct && sightings.has(opId)) continue
      const rows = screenOf(view).rowsOf(opId).length
      const before = sightings.get(opId)?.doubled
      const doubled = rows > 1 ? extend(before, view, rows) : before
      sightings.set(opId, { opId, ...(doubled && { doubled }) })
    }
  }
  return sightings
}

function extend(before: Doubling | undefined, view: EventOf<'view'>, rows: number): Doubling {
  return { first: before?.first ?? view, last: view, rows: Math.max(before?.rows ?? 0, rows) }
}

function shownTwice(history: History, opId: string, { first, last, rows }: Doubling): Finding {
  const operation = history.operation(opId)
  const next = history.of('view', first.node).find((view) => view.seq > last.seq)
  const ended = next && screenOf(next).rowsOf(opId).length < 2
  const until = ended ? `until ${moment(next)}` : 'to the end'
  return {
    message: `${first.node}'s screen shows ${operation ? describeOperation(operation) : opId} ${times(rows)}, from ${moment(first)} ${until}`,
    opIds: [opId],
    evidence: evidence(first),
  }
}
