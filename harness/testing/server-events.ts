import type { EventBody, EventOf } from '../core/event.ts'
import { DeviceEvents } from './device-events.ts'
import type { Fields } from './event-writer.ts'
import { deviceOf, keyOf } from './notation.ts'

/** The part of the builder for requests and the server. */
export abstract class ServerEvents extends DeviceEvents {
  #commits = 0

  /** The device sends a push of these operations; without any, a pull. */
  request(
    device: string,
    requestId: string,
    opIds: readonly string[] = [],
    fields: Fields<'request'> = {},
  ): this {
    const isPush = opIds.length > 0
    return this.add(device, {
      type: 'request',
      requestId,
      method: isPush ? 'POST' : 'GET',
      path: isPush ? '/push' : '/changes',
      bytes: 10,
      opIds: opIds.filter((opId) => this.written.action(opId).type !== 'delete'),
      ...(isPush && { about: opIds.map((opId) => ({ key: keyOf(opId), attempt: 1 })) }),
      deadline: 10_000,
      ...fields,
    } as EventBody)
  }

  /** The request completes for the device: with a response of this status, or with a failure. */
  response(
    device: string,
    requestId: string,
    outcome: EventOf<'response'>['outcome'] | number = 200,
  ): this {
    const end =
      typeof outcome === 'number' ? { outcome: 'response' as const, status: outcome } : { outcome }
    return this.add(device, { type: 'response', requestId, ...end })
  }

  /** The server receives the request. */
  received(requestId: string): this {
    return this.add('server', { type: 'serverReceived', requestId })
  }

  /** The server responds to the request. */
  responded(requestId: string, status = 200): this {
    return this.add('server', { type: 'serverResponded', requestId, status })
  }

  /** The server reports its decision on the operation. */
  outcome(
    opId: string,
    outcome: EventOf<'serverOutcome'>['outcome'],
    fields: Fields<'serverOutcome'> = {},
  ): this {
    return this.add('server', {
      type: 'serverOutcome',
      key: keyOf(opId),
      write: this.written.action(opId).type,
      ...this.written.record(opId),
      ...this.written.payload(opId),
      outcome,
      head: this.written.versionOf(opId) ?? 0,
      author: deviceOf(opId),
      ...fields,
    } as EventBody)
  }

  /** The operation takes effect on the server. */
  commit(opId: string, fields: Fields<'serverCommit'> = {}): this {
    const head = this.written.versionOf(opId) ?? 0
    this.#commits = fields.position ?? this.#commits + 1
    this.add('server', {
      type: 'serverCommit',
      key: keyOf(opId),
      position: this.#commits,
      epoch: 'e1',
      write: this.written.action(opId).type,
      ...this.written.record(opId),
      version: head + 1,
      head,
      author: deviceOf(opId),
      ...this.written.payload(opId),
      ...fields,
    } as EventBody)
    this.written.commit(opId, this.events.all.at(-1) as EventOf<'serverCommit'>)
    return this
  }

  /** The server's final state: the result of the commits, unless operations are given as rows. */
  state(opIds?: readonly string[], conflicts?: readonly string[]): this {
    const newest = this.written.heads.map(({ collection, record, version, write, ...commit }) => ({
      collection,
      record,
      version,
      deleted: write === 'delete',
      ...(commit.opId !== undefined && { opId: commit.opId, hash: commit.hash, text: commit.text }),
    }))
    const given = opIds?.map((opId) => ({
      ...this.written.record(opId),
      version: 1,
      deleted: false,
      ...this.written.payload(opId),
    }))
    return this.add('server', {
      type: 'serverState',
      epoch: 'e1',
      position: this.#commits,
      rows: given ?? newest,
      ...(conflicts && {
        conflicts: conflicts.map((opId) => ({
          ...this.written.record(opId),
          key: keyOf(opId),
          rule: 'test',
        })),
      }),
    } as EventBody)
  }
}
