import type { EventOf, OutboxEntry, ShownRow } from '../../core/event.ts'
import { groupBy } from '../../core/group.ts'
import type { History } from '../../core/history.ts'
import { isWrite, type Operation } from '../../core/operation.ts'

/** A recorded view, indexed by what invariants ask of it. */
export interface Screen {
  readonly view: EventOf<'view'>
  /** The rows whose content this operation wrote. */
  rowsOf(op: string): readonly ShownRow[]
  /** The rows of a record, named by {@link recordName}. */
  rowsAt(record: string): readonly ShownRow[]
  /** The outbox entry of an operation, where the client shows its outbox. */
  entryOf(operation: Operation): OutboxEntry | undefined
  /** The operation's losing text is still there to be read. */
  inConflicts(op: string): boolean
}

const known = new WeakMap<EventOf<'view'>, Screen>()

export function screenOf(view: EventOf<'view'>): Screen {
  const found = known.get(view)
  if (found) return found
  const { rows, outbox = [], conflicts = [] } = view.view
  // Most screens are asked for one thing or for nothing: each index is made when it is first needed.
  let byOp: Map<string | undefined, ShownRow[]> | undefined
  let byRecord: Map<string, ShownRow[]> | undefined
  const screen: Screen = {
    view,
    rowsOf: (op) => {
      byOp ??= groupBy(rows, (row) => row.op)
      return byOp.get(op) ?? []
    },
    rowsAt: (record) => {
      byRecord ??= groupBy(rows, recordName)
      return byRecord.get(record) ?? []
    },
    entryOf: ({ op, keys }) =>
      outbox.find((entry) => (entry.op === undefined ? keys.includes(entry.key) : entry.op === op)),
    inConflicts: (op) => conflicts.some((conflict) => conflict.op === op),
  }
  known.set(view, screen)
  return screen
}

/** One name for a record of a collection. */
export function recordName({
  collection,
  record,
}: {
  readonly collection: string
  readonly record: string
}): string {
  return `${collection}/${record}`
}

/** The record an operation writes; undefined when it writes none. */
export function recordOf({ action }: Operation): string | undefined {
  return isWrite(action) ? recordName(action) : undefined
}

/** What a device showed when the replicas were read; undefined when it was not, or could not be, asked. */
export function finalScreen(history: History, device: string): Screen | undefined {
  const read = history.phase('read')
  const last = history.lastView(device)
  return read && last && last.seq > read.seq ? screenOf(last) : undefined
}

/** The row is unconfirmed by what the client itself shows: a clock or a failure icon. */
export const isUnconfirmed = ({ status }: ShownRow) => status === 'pending' || status === 'failed'
