import type { EventOf, OutboxEntry, ShownRow } from '../../core/event.ts'
import { groupBy } from '../../core/group.ts'
import type { History } from '../../core/history.ts'
import type { Operation } from '../../core/operation.ts'
import { askedOf } from './asked.ts'
import { recordName } from './record-name.ts'

/** A recorded view, indexed for the invariants' queries. */
export interface Screen {
  readonly view: EventOf<'view'>
  /** The rows whose content this operation wrote. */
  rowsOf(opId: string): readonly ShownRow[]
  /** The rows of a record, named by {@link recordName}. */
  rowsAt(record: string): readonly ShownRow[]
  /** The outbox entry of an operation, if the client shows its outbox. */
  entryOf(operation: Operation): OutboxEntry | undefined
  /** Returns true if the operation's text is shown among the losing edits. */
  inConflicts(opId: string): boolean
}

const screens = new WeakMap<EventOf<'view'>, Screen>()

/** Returns the view's {@link Screen}, the same object each time. */
export function screenOf(view: EventOf<'view'>): Screen {
  const known = screens.get(view)
  if (known) return known
  const { rows, outbox = [], conflicts = [] } = view.view
  // Each index is built on first use: most screens get one query or none.
  let byOp: Map<string | undefined, ShownRow[]> | undefined
  let byRecord: Map<string, ShownRow[]> | undefined
  const screen: Screen = {
    view,
    rowsOf: (opId) => {
      byOp ??= groupBy(rows, (row) => row.opId)
      return byOp.get(opId) ?? []
    },
    rowsAt: (record) => {
      byRecord ??= groupBy(rows, recordName)
      return byRecord.get(record) ?? []
    },
    entryOf: ({ opId, keys }) =>
      outbox.find((entry) =>
        entry.opId === undefined ? keys.includes(entry.key) : entry.opId === opId,
      ),
    inConflicts: (opId) => conflicts.some((conflict) => conflict.opId === opId),
  }
  screens.set(view, screen)
  return screen
}

/**
 * The last screen of a device that was asked for after the read phase began; undefined if it was
 * not read, or showed nothing.
 */
export function finalScreen(history: History, device: string): Screen | undefined {
  const read = history.phase('read')
  const last =
    read && history.of('view', device).findLast((view) => askedOf(history, view).seq > read.seq)
  return last && screenOf(last)
}

/** Returns true if the client shows the row as unconfirmed: with a clock or a failure icon. */
export const isUnconfirmed = ({ status }: ShownRow) => status === 'pending' || status === 'failed'
