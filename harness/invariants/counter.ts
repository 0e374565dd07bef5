import type { EventOf } from '../core/event.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { recordName } from './reading/record-name.ts'
import { when } from './reading/wording.ts'

/**
 * Compares the badge with the rest of the same view, on each screen. There are several right ways
 * to count: by entries of the outbox, by actions, by records, by rows with the icon, with deletions
 * or without; an edit that lost a conflict may count as failed. The badge is wrong if it lies
 * outside all of them. Without an outbox only a badge below the number of such rows is wrong:
 * deletions wait without a row.
 */
export default {
  id: 'COUNTER',
  promise: 'The number on the badge is the number of writes that wait, or that failed.',
  needs: ({ outbox, statuses }) =>
    outbox || statuses ? undefined : 'the client shows neither an outbox nor what is pending',
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    for (const device of history.devices) {
      for (const state of ['pending', 'failed'] as const) {
        const badges = history.of('view', device).filter(({ view }) => view[state] !== undefined)
        judged += badges.length
        const wrong = badges.find((event) => !isPossible(event, state))
        if (wrong) findings.push(miscounted(wrong, state))
      }
    }
    return judgement(judged, findings)
  },
} satisfies Invariant

type View = EventOf<'view'>
type State = 'pending' | 'failed'

function isPossible(event: View, state: State): boolean {
  const badge = event.view[state] ?? 0
  const { least, most } = countsOf(event, state)
  return badge >= least && badge <= most
}

/** The smallest and the largest right count. */
function countsOf({ view }: View, state: State): { readonly least: number; readonly most: number } {
  const rows = view.rows.filter(({ status }) => status === state)
  if (!view.outbox) return { least: recordsOf(rows), most: Number.POSITIVE_INFINITY }
  const entries = view.outbox.filter((entry) => entry.state === state)
  const visible = recordsOf(entries.filter(({ type }) => type !== 'delete'))
  const showsIcons = view.rows.some(({ status }) => status !== undefined)
  // An entry per record may hold several actions: at most as many as the record has revisions.
  const actions = entries.reduce((sum, { rev }) => sum + Math.max(1, rev), 0)
  const most = recordsOf(entries) === entries.length ? actions : entries.length
  const lost = state === 'failed' ? (view.conflicts ?? []).length : 0
  return {
    least: showsIcons ? Math.min(visible, recordsOf(rows)) : visible,
    most: Math.max(most, rows.length) + lost,
  }
}

const recordsOf = (items: readonly { readonly collection: string; readonly record: string }[]) =>
  new Set(items.map(recordName)).size

function miscounted(event: View, state: State): Finding {
  const { least, most } = countsOf(event, state)
  const right = Number.isFinite(most) ? `${least} to ${most}` : `at least ${least}`
  return {
    message: `${event.node}'s badge counts ${event.view[state]} ${state} ${when(event)}; on the same screen ${least === most ? least : right} would be right`,
    opIds: [],
    evidence: evidence(event),
  }
}
