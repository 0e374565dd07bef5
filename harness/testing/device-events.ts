import type { Action, WriteAction } from '../core/action.ts'
import type { EventBody, EventOf, ShownRow } from '../core/event.ts'
import { mark } from '../core/mark.ts'
import { isWrite } from '../core/operation.ts'
import { isAction } from '../core/scenario.ts'
import { EPOCH_WALL } from '../core/time.ts'
import { EventWriter, type Fields } from './event-writer.ts'
import { headOf } from './history-setting.ts'
import { deviceOf, keyOf, parseChange, parseEntry, parseRow } from './notation.ts'

/**
 * The part of the builder for devices: actions of people, events of the client, and its screens.
 */
export abstract class DeviceEvents extends EventWriter {
  /** A person performs any action: for contents that the methods below cannot build. */
  invoke(action: Action): this {
    if (isWrite(action)) this.written.invoke(action)
    const wall = EPOCH_WALL + this.events.nextAtMs
    return this.add(deviceOf(action.op), { type: 'invoke', op: action.op, action, wall })
  }

  /** Creates a record. `n…` names a note, all else a message, unless a collection is given. */
  create(op: string, record: string, text = op, collection?: string): this {
    return this.#write('create', op, record, text, collection)
  }

  /** Edits a record. */
  update(op: string, record: string, text = op, collection?: string): this {
    return this.#write('update', op, record, text, collection)
  }

  /** Deletes a record. */
  delete(op: string, record: string, collection?: string): this {
    return this.invoke({
      type: 'delete',
      op,
      collection: collection ?? this.written.collectionOf(record),
      record,
    })
  }

  /** Cancels the operation `target`. */
  cancel(op: string, target: string): this {
    return this.invoke({ type: 'cancel', op, target })
  }

  /** Performs the action with this operation id in the scenario of the setting. */
  step(op: string): this {
    const steps = this.setting.scenario?.steps.filter(isAction) ?? []
    const found = steps.find(({ action }) => action.op === op)
    if (!found) {
      const known = steps.map(({ action }) => action.op).join(', ') || 'none'
      throw new Error(`expected an action of the scenario (${known}), got '${op}'`)
    }
    return this.invoke(found.action)
  }

  /** The client stores the write and reports that to the person. */
  accept(op: string, fields: Fields<'localCommit'> = {}): this {
    return this.localCommit(op, fields).saved(op)
  }

  /** The client stores the write with its outbox entry. */
  localCommit(op: string, fields: Fields<'localCommit'> = {}): this {
    const device = deviceOf(op)
    return this.add(device, {
      type: 'localCommit',
      op,
      key: keyOf(op),
      write: this.written.action(op).type,
      ...this.written.record(op),
      rev: this.written.revise(device, op, fields.rev),
      ...this.written.hash(op),
      ...fields,
    } as EventBody)
  }

  /** The client reports to the person that it accepted the action. */
  saved(op: string, durable = true): this {
    return this.add(deviceOf(op), { type: 'saved', op, durable })
  }

  /** The client refuses the action. */
  refused(op: string): this {
    return this.add(deviceOf(op), { type: 'refused', op, reason: 'no' })
  }

  /** The client reports the operation's outcome to the person. */
  settled(op: string, outcome: EventOf<'settled'>['outcome']): this {
    return this.add(deviceOf(op), { type: 'settled', op, outcome })
  }

  /** The client applies the server's response for the operation. */
  ack(
    op: string,
    outcome: EventOf<'ackApplied'>['outcome'] = 'applied',
    fields: Fields<'ackApplied'> = {},
  ): this {
    const version = this.written.versionOf(op)
    return this.add(deviceOf(op), {
      type: 'ackApplied',
      key: keyOf(op),
      rev: this.written.revisionOf(op),
      outcome,
      cleared: true,
      ...(version !== undefined && { version }),
      ...fields,
    } as EventBody)
  }

  /** The client saves a page of changes: records as `m1@2`, deleted ones as `-m1@2`. */
  cursor(
    device: string,
    cursor: number,
    rows: readonly string[] = [],
    fields: Fields<'cursorSaved'> = {},
  ): this {
    return this.add(device, {
      type: 'cursorSaved',
      epoch: 'e1',
      cursor,
      complete: true,
      full: false,
      rows: rows.map((row) => parseChange(row, this.written)),
      ...fields,
    } as EventBody)
  }

  /**
   * The screen changes. Write rows as `ana-1 sent` or `ana-1 sent@2` (an operation, its icon, the
   * server version), or as they are recorded. By default the outbox contains the pending and failed
   * rows.
   */
  view(
    device: string,
    rows: readonly (string | ShownRow)[] = [],
    more: {
      readonly outbox?: readonly string[]
      readonly conflicts?: readonly string[]
      readonly allSynced?: boolean
    } = {},
  ): this {
    const { outbox, conflicts, allSynced } = more
    const waiting = rows.filter((row) => typeof row === 'string').filter(isWaiting)
    const showsOutbox = headOf(this.setting).client.capabilities.outbox
    return this.add(device, {
      type: 'view',
      view: {
        rows: rows.map((row) => (typeof row === 'string' ? parseRow(row, this.written) : row)),
        ...(conflicts && {
          conflicts: conflicts.map((op) => ({
            ...this.written.record(op),
            ...this.written.payload(op),
          })),
        }),
        ...(showsOutbox && {
          outbox: (outbox ?? waiting).map((entry) => parseEntry(entry, this.written)),
        }),
        ...(allSynced !== undefined && { allSynced }),
      },
    })
  }

  #write(
    type: 'create' | 'update',
    op: string,
    record: string,
    text: string,
    collection = this.written.collectionOf(record),
  ): this {
    const content = {
      ...(collection === 'messages' && { conversation: 'main' }),
      text: mark(text, { record, op }),
    }
    return this.invoke({ type, op, collection, record, content } as WriteAction)
  }
}

const isWaiting = (row: string) => / (pending|failed)(@|$)/.test(row)
