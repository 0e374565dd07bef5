import type { EventOf } from '../../core/event.ts'
import type { History } from '../../core/history.ts'

/**
 * Returns the event since which the client knew that it would be seen: the request that a view
 * answers, or the view itself if it was answered at once.
 *
 * A late view may show what the client knew at any moment between the two. So demand of a view only
 * what was known when it was asked for, and forgive it whatever was known when it arrived.
 */
export function askedOf(
  history: History,
  view: EventOf<'view'>,
): EventOf<'view'> | EventOf<'viewRequested'> {
  if (view.request === undefined) return view
  return (
    history
      .of('viewRequested', view.node)
      .findLast(({ request, seq }) => request === view.request && seq < view.seq) ?? view
  )
}
