import type { Action } from '../../../core/action.ts'
import type { Client } from '../../../core/client.ts'
import type { HostEvent } from '../../../core/event.ts'
import { messageOf } from '../../../core/problem.ts'

/** Has the client do what a person asks for, and records what it tells the person, in its own time. */
export function perform(client: Client, action: Action, record: (event: HostEvent) => void): void {
  const escaped = (error: unknown) =>
    record({ type: 'error', message: `${action.type} ${action.op}: ${messageOf(error)}` })
  try {
    const { op } = action
    const { saved, settled } = client.perform(action)
    saved.then(
      (outcome) =>
        record(
          'refused' in outcome
            ? { type: 'refused', op, reason: outcome.refused }
            : { type: 'saved', op, durable: outcome.durable },
        ),
      escaped,
    )
    settled?.then(
      ({ outcome, reason }) =>
        record({ type: 'settled', op, outcome, ...(reason !== undefined && { reason }) }),
      escaped,
    )
  } catch (error) {
    escaped(error)
  }
}
