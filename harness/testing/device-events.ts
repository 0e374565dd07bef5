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
    return this.add(deviceOf(action.opId), { type: 'invoke', opId: action.opId, action, wall })
  }

  /** Creates a record. `n…` names a note, all else a message, unless a collection is given. */
  create(opId: string, record: string, text = opId, collection?: string): this {
    return this.#write('create', opId, record, text, collection)
  }

  /** Edits a record. */
  update(opId: string, record: string, text = opId, collection?: string): this {
    return this.#write('update', opId, record, text, collection)
  }

  /** Deletes a record. */
  delete(opId: string, record: string, collection?: string): this {
    return this.invoke({
      type: 'delete',
      opId,
      collection: collection ?? this.written.collectionOf(record),
      record,
    })
  }

  /** Cancels the operation `target`. */
  cancel(opId: string, target: string): this {
    return this.invoke({ type: 'cancel', opId, target })
  }

  /** Performs the action with this operation id in the scenario of the setting. */
  step(opId: string): this {
    const steps = this.setting.scenario?.steps.filter(isAction) ?? []
    const found = steps.find(({ action }) => action.opId === opId)
    if (!found) {
      const known = steps.map(({ action }) => action.opId).join(', ') || 'none'
      throw new Error(`expected an action of the scenario (${known}), got '${opId}'`)
    }
    return this.invoke(found.action)
  }

  /** The client stores the write and reports that to the person. */
  accept(opId: string, fields: Fields<'localCommit'> = {}): this {
    return this.localCommit(opId, fields).saved(opId)
  }

  /** The client stores the write with its outbox entry. */
  localCommit(opId: string, fields: Fields<'localCommit'> = {}): this {
    const device = deviceOf(opId)
    return this.add(device, {
      type: 'localCommit',
      opId,
      key: keyOf(opId),
      write: this.written.action(opId).type,
      ...this.written.record(opId),
      rev: this.written.revise(device, opId, fields.rev),
      ...this.written.hash(opId),
      ...fields,
    } as EventBody)
  }

  /** The client reports to the person that it accepted the action. */
  saved(opId: string, durable = true): this {
    return this.add(deviceOf(opId), { type: 'saved', opId, durable })
  }

  /** The client refuses the action. */
  refused(opId: string): this {
    return this.add(deviceOf(opId), { type: 'refused', opId, reason: 'no' })
  }

  /** The client reports the operation's outcome to the person. */
  settled(opId: string, outcome: EventOf<'settled'>['outcome']): this {
    return this.add(deviceOf(opId), { type: 'settled', opId, outcome })
  }

  /** The client applies the server's response for the operation. */
  ack(
    opId: string,
    outcome: EventOf<'ackApplied'>['outcome'] = 'applied',
    fields: Fields<'ackApplied'> = {},
  ): this {
    const version = this.written.versionOf(opId)
    return this.add(deviceOf(opId), {
      type: 'ackApplied',
      key: keyOf(opId),
      rev: this.written.revisionOf(opId),
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
      readonly pending?: number
      readonly failed?: number
    } = {},
  ): this {
    const { outbox, conflicts, ...claims } = more
    const waiting = rows.filter((row) => typeof row === 'string').filter(isWaiting)
    const showsOutbox = headOf(this.setting).client.capabilities.outbox
    return this.add(device, {
      type: 'view',
      view: {
        rows: rows.map((row) => (typeof row === 'string' ? parseRow(row, this.written) : row)),
        ...(conflicts && {
          conflicts: conflicts.map((opId) => ({
            ...this.written.record(opId),
            ...this.written.payload(opId),
          })),
        }),
        ...(showsOutbox && {
          outbox: (outbox ?? waiting).map((entry) => parseEntry(entry, this.written)),
        }),
        ...claims,
      },
    })
  }

  #write(
    type: 'create' | 'update',
    opId: string,
    record: string,
    text: string,
    collection = this.written.collectionOf(record),
  ): this {
    const content = {
      ...(collection === 'messages' && { conversation: 'main' }),
      text: mark(text, { record, opId }),
    }
    return this.invoke({ type, opId, collection, record, content } as WriteAction)
  }
}

const isWaiting = (row: string) => / (pending|failed)(@|$)/.test(row)
