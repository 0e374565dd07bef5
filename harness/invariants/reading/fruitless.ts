import type { Event } from '../../core/event.ts'
import { groupBy } from '../../core/group.ts'
import type { History } from '../../core/history.ts'
import type { RequestTrip } from '../../core/request-trip.ts'
import { tellsHoldings } from './holdings.ts'

/**
 * Returns each device's requests that brought nothing, in the order of sending: they carried no
 * write to its effect, and after their response and before the next one the device reported no
 * news: no ack, no outcome, no further cursor, no other screen.
 */
export function fruitlessRequests(history: History): ReadonlyMap<string, readonly RequestTrip[]> {
  const fruitful = new Set([...fruitfulIds(history), ...derivedEffects(history)])
  const fruitless = history.requests.filter(
    ({ requestId, outcomes }) =>
      !fruitful.has(requestId) && !outcomes.some(({ outcome }) => outcome === 'applied'),
  )
  return groupBy(fruitless, ({ device }) => device)
}

/** The requests with a write that the server held for the first time when it responded. */
function derivedEffects(history: History): string[] {
  if (!tellsHoldings(history)) return []
  return history.operations.flatMap(({ commits, requests }) =>
    requests
      .filter(({ received, responded }) =>
        commits.some(
          ({ seq }) => received && responded && seq > received.seq && seq < responded.seq,
        ),
      )
      .map(({ requestId }) => requestId),
  )
}

function fruitfulIds(history: History): ReadonlySet<string> {
  const fruitful = new Set<string>()
  const answered = new Map<string, string>()
  const cursors = new Map<string, string>()
  for (const event of history.events) {
    const { node } = event
    if (event.type === 'response' && event.outcome === 'response')
      answered.set(node, event.requestId)
    const requestId = answered.get(node)
    if (requestId !== undefined && isNews(event, cursors.get(node))) fruitful.add(requestId)
    if (event.type === 'cursorSaved') cursors.set(node, cursorText(event))
  }
  return fruitful
}

function isNews(event: Event, cursor: string | undefined): boolean {
  if (event.type === 'cursorSaved') return event.rows.length > 0 || cursorText(event) !== cursor
  return event.type === 'ackApplied' || event.type === 'settled' || event.type === 'view'
}

const cursorText = ({ epoch, cursor }: { readonly epoch: string; readonly cursor: number }) =>
  `${epoch} ${cursor}`
