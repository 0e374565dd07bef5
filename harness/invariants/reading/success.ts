import type { EventOf } from '../../core/event.ts'
import type { Operation } from '../../core/operation.ts'

type Outcome = EventOf<'serverOutcome'>['outcome']

/** Returns true if the outcome means that the server has the write. */
export function isSuccess({ outcome }: { readonly outcome: Outcome }): boolean {
  return outcome === 'applied' || outcome === 'duplicate'
}

/** The event by which the app reported that the write had arrived: an ack, or else `settled`. */
export function successOf({
  acks,
  settled,
}: Operation): EventOf<'ackApplied'> | EventOf<'settled'> | undefined {
  return acks.find(isSuccess) ?? (settled?.outcome === 'acked' ? settled : undefined)
}
