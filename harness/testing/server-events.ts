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
    req: string,
    ops: readonly string[] = [],
    fields: Fields<'request'> = {},
  ): this {
    const isPush = ops.length > 0
    return this.add(device, {
      type: 'request',
      req,
      method: isPush ? 'POST' : 'GET',
      path: isPush ? '/push' : '/changes',
      bytes: 10,
      ops: ops.filter((op) => this.written.action(op).type !== 'delete'),
      ...(isPush && { about: ops.map((op) => ({ key: keyOf(op), attempt: 1 })) }),
      deadline: 10_000,
      ...fields,
    } as EventBody)
  }

  /** The request completes for the device: with a response of this status, or with a failure. */
  response(
    device: string,
    req: string,
    outcome: EventOf<'response'>['outcome'] | number = 200,
  ): this {
    const end =
      typeof outcome === 'number' ? { outcome: 'response' as const, status: outcome } : { outcome }
    return this.add(device, { type: 'response', req, ...end })
  }

  /** The server receives the request. */
  received(req: string): this {
    return this.add('server', { type: 'serverReceived', req })
  }

  /** The server responds to the request. */
  responded(req: string, status = 200): this {
    return this.add('server', { type: 'serverResponded', req, status })
  }

  /** The server reports its decision on the operation. */
  outcome(
    op: string,
    outcome: EventOf<'serverOutcome'>['outcome'],
    fields: Fields<'serverOutcome'> = {},
  ): this {
    return this.add('server', {
      type: 'serverOutcome',
      key: keyOf(op),
      write: this.written.action(op).type,
      ...this.written.record(op),
      ...this.written.payload(op),
      outcome,
      head: this.written.versionOf(op) ?? 0,
      author: deviceOf(op),
      ...fields,
    } as EventBody)
  }

  /** The operation takes effect on the server. */
  commit(op: string, fields: Fields<'serverCommit'> = {}): this {
    const head = this.written.versionOf(op) ?? 0
    this.#commits = fields.position ?? this.#commits + 1
    this.add('server', {
      type: 'serverCommit',
      key: keyOf(op),
      position: this.#commits,
      epoch: 'e1',
      write: this.written.action(op).type,
      ...this.written.record(op),
      version: head + 1,
      head,
      author: deviceOf(op),
      ...this.written.payload(op),
      ...fields,
    } as EventBody)
    this.written.commit(op, this.events.all.at(-1) as EventOf<'serverCommit'>)
    return this
  }

  /** The server's final state: the result of the commits, unless operations are given as rows. */
  state(ops?: readonly string[], conflicts?: readonly string[]): this {
    const newest = this.written.heads.map(({ collection, record, version, write, ...commit }) => ({
      collection,
      record,
      version,
      deleted: write === 'delete',
      ...(commit.op !== undefined && { op: commit.op, hash: commit.hash, text: commit.text }),
    }))
    const given = ops?.map((op) => ({
      ...this.written.record(op),
      version: 1,
      deleted: false,
      ...this.written.payload(op),
    }))
    return this.add('server', {
      type: 'serverState',
      epoch: 'e1',
      position: this.#commits,
      rows: given ?? newest,
      ...(conflicts && {
        conflicts: conflicts.map((op) => ({
          ...this.written.record(op),
          key: keyOf(op),
          rule: 'test',
        })),
      }),
    } as EventBody)
  }
}
