import type { Event } from '../../harness/core/event.ts'
import type { History } from '../../harness/core/history.ts'
import { isWrite, type Operation } from '../../harness/core/operation.ts'

/** The first event that shows an operation on another device. */
export interface PeerSighting {
  readonly device: string
  /** Undefined if no event of the device shows the operation. */
  readonly event?: Event
}

/** Finds for each other device the first event that shows the operation there: a pull or a view. */
export function findPeerSightings(
  history: History,
  { device, opId, action, commits }: Operation,
): PeerSighting[] {
  if (!isWrite(action)) return []
  const version = commits[0]?.version
  return history.devices
    .filter((peer) => peer !== device)
    .map((peer) => {
      const pulled = history
        .of('cursorSaved', peer)
        .find(({ rows }) =>
          rows.some(
            (row) =>
              row.record === action.record &&
              row.collection === action.collection &&
              version !== undefined &&
              row.version >= version,
          ),
        )
      const shown = history
        .of('view', peer)
        .find(({ view }) => view.rows.some((row) => row.opId === opId))
      const [first] = [pulled, shown].flatMap((event) => event ?? []).sort((a, b) => a.seq - b.seq)
      return { device: peer, ...(first && { event: first }) }
    })
}
