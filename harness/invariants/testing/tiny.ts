import type { WriteAction } from '../../core/action.ts'
import type { Capabilities } from '../../core/capabilities.ts'
import type { Event, EventBody, EventOf, OutboxEntry, ShownRow } from '../../core/event.ts'
import { payloadHash } from '../../core/hash.ts'
import { History } from '../../core/history.ts'
import { historyHead } from '../../core/history-head.ts'
import type { Finding, Invariant, Judgement } from '../../core/invariant.ts'
import { mark, withoutMark } from '../../core/mark.ts'
import { isWrite } from '../../core/operation.ts'
import type { Scenario } from '../../core/scenario.ts'

/** What a client that can show everything declares; recovery in scenario milliseconds. */
export const FULL: Capabilities = {
  collections: ['messages', 'notes'],
  update: true,
  delete: true,
  cancel: true,
  statuses: true,
  outbox: true,
  cursor: true,
  versions: true,
  allSynced: true,
  conflicts: true,
  ordered: true,
  recovery: 10_000,
}

/** A client that shows rows and nothing more. */
export const BARE: Capabilities = {
  ...FULL,
  statuses: false,
  outbox: false,
  cursor: false,
  versions: false,
  allSynced: false,
  conflicts: false,
  ordered: false,
}

export interface TinyOptions {
  readonly devices?: readonly string[]
  readonly capabilities?: Partial<Capabilities>
  readonly policy?: string
}

type Extra<Type extends Event['type']> = Partial<EventOf<Type>>
type ViewExtra = { readonly outbox?: readonly string[]; readonly conflicts?: readonly string[] }

/** A history written by hand, for pinning what an invariant says. */
export function tiny(options: TinyOptions = {}): Tiny {
  return new Tiny(options)
}

/**
 * Events one after the other, 100 ms apart. An operation is named after its device ('ana-1'); its key is `k-ana-1`. Whatever is not said follows from
 * what came before: versions, heads and commit numbers count up.
 */
export class Tiny {
  readonly #options: TinyOptions
  readonly #events: Event[] = []
  readonly #actions = new Map<string, WriteAction>()
  readonly #named = new Map<string, number>()
  readonly #heads = new Map<string, EventOf<'serverCommit'>>()
  readonly #revs = new Map<string, number>()
  readonly #incarnations = new Map<string, number>()
  #now = 0
  #commits = 0

  constructor(options: TinyOptions) {
    this.#options = options
  }

  /** Any event. With a name its seq can be asked for: `seq('the commit')`. */
  add(node: string, body: EventBody, name?: string): this {
    const seq = this.#events.length + 1
    this.#now += 100
    if (name !== undefined) this.#named.set(name, seq)
    this.#events.push({ ...body, seq, t: this.#now, node })
    return this
  }

  /** The next event comes at this time. */
  at(ms: number): this {
    this.#now = ms - 100
    return this
  }

  /** Names the event just added. */
  as(name: string): this {
    this.#named.set(name, this.#events.length)
    return this
  }

  invoke(
    op: string,
    record: string,
    text = op,
    type: WriteAction['type'] = 'create',
    collection = 'messages',
  ): this {
    const content = {
      ...(collection === 'messages' && { conversation: 'main' }),
      text: mark(text, { record, op }),
    }
    const action: WriteAction =
      type === 'delete'
        ? { type, op, collection, record }
        : ({ type, op, collection, record, content } as WriteAction)
    this.#actions.set(op, action)
    return this.add(deviceOf(op), { type: 'invoke', op, action, wall: 0 })
  }

  update(op: string, record: string, text = op, collection = 'notes'): this {
    return this.invoke(op, record, text, 'update', collection)
  }

  cancel(op: string, target: string): this {
    return this.add(deviceOf(op), {
      type: 'invoke',
      op,
      action: { type: 'cancel', op, target },
      wall: 0,
    })
  }

  /** The client has it on disk and says so. */
  taken(op: string, extra: Extra<'localCommit'> = {}): this {
    return this.local(op, extra).saved(op)
  }

  local(op: string, extra: Extra<'localCommit'> = {}): this {
    const { type: write, collection, record } = this.#action(op)
    const at = `${deviceOf(op)} ${collection} ${record}`
    const rev = extra.rev ?? (this.#revs.get(at) ?? 0) + 1
    this.#revs.set(at, rev)
    return this.add(deviceOf(op), {
      type: 'localCommit',
      op,
      key: `k-${op}`,
      write,
      collection,
      record,
      rev,
      ...this.#hash(op),
      ...extra,
    } as EventBody)
  }

  saved(op: string, durable = true): this {
    return this.add(deviceOf(op), { type: 'saved', op, durable })
  }

  refused(op: string): this {
    return this.add(deviceOf(op), { type: 'refused', op, reason: 'no' })
  }

  settled(op: string, outcome: EventOf<'settled'>['outcome']): this {
    return this.add(deviceOf(op), { type: 'settled', op, outcome })
  }

  /** A request that carries these operations; without any, a pull. */
  request(
    device: string,
    req: string,
    ops: readonly string[] = [],
    extra: Extra<'request'> = {},
  ): this {
    const about = ops.map((op) => ({ key: `k-${op}`, attempt: 1 }))
    const [method, path] = ops.length > 0 ? ['POST', '/push'] : ['GET', '/changes']
    const marked = ops.filter((op) => this.#action(op).type !== 'delete')
    return this.add(device, {
      type: 'request',
      req,
      method,
      path,
      bytes: 10,
      ops: marked,
      ...(ops.length > 0 && { about }),
      deadline: 10_000,
      ...extra,
    } as EventBody)
  }

  response(
    device: string,
    req: string,
    outcome: EventOf<'response'>['outcome'] | number = 200,
  ): this {
    const how =
      typeof outcome === 'number' ? { outcome: 'response' as const, status: outcome } : { outcome }
    return this.add(device, { type: 'response', req, ...how })
  }

  received(req: string): this {
    return this.add('server', { type: 'serverReceived', req })
  }

  outcome(
    op: string,
    outcome: EventOf<'serverOutcome'>['outcome'],
    extra: Extra<'serverOutcome'> = {},
  ): this {
    const { type: write, collection, record } = this.#action(op)
    const head = this.#heads.get(`${collection} ${record}`)?.version ?? 0
    return this.add('server', {
      type: 'serverOutcome',
      key: `k-${op}`,
      write,
      collection,
      record,
      ...this.#payload(op),
      outcome,
      head,
      author: deviceOf(op),
      ...extra,
    } as EventBody)
  }

  commit(op: string, extra: Extra<'serverCommit'> = {}): this {
    const { type: write, collection, record } = this.#action(op)
    const at = `${collection} ${record}`
    const head = this.#heads.get(at)?.version ?? 0
    this.#commits = extra.position ?? this.#commits + 1
    this.add('server', {
      type: 'serverCommit',
      key: `k-${op}`,
      position: this.#commits,
      epoch: 'e1',
      write,
      collection,
      record,
      version: head + 1,
      head,
      author: deviceOf(op),
      ...this.#payload(op),
      ...extra,
    } as EventBody)
    this.#heads.set(at, this.#events.at(-1) as EventOf<'serverCommit'>)
    return this
  }

  /** The ordinary way to the server and back. */
  sent(op: string): this {
    const req = `req-${op}`
    return this.request(deviceOf(op), req, [op])
      .received(req)
      .commit(op)
      .outcome(op, 'applied', { req })
      .response(deviceOf(op), req)
      .ack(op)
  }

  ack(
    op: string,
    outcome: EventOf<'ackApplied'>['outcome'] = 'applied',
    extra: Extra<'ackApplied'> = {},
  ): this {
    const { collection, record } = this.#action(op)
    const rev = this.#localOf(op)?.rev ?? 1
    const version = this.#heads.get(`${collection} ${record}`)?.version
    return this.add(deviceOf(op), {
      type: 'ackApplied',
      key: `k-${op}`,
      rev,
      outcome,
      cleared: true,
      ...(version !== undefined && { version }),
      ...extra,
    } as EventBody)
  }

  /** Rows as 'ana-1 sent': an operation and its status. The outbox follows from the rows, unless it is said. */
  view(device: string, rows: readonly string[] = [], { outbox, conflicts }: ViewExtra = {}): this {
    const waiting = outbox ?? rows.filter((row) => / (pending|failed)$/.test(row))
    const { outbox: shows } = { ...FULL, ...this.#options.capabilities }
    return this.add(device, {
      type: 'view',
      view: {
        rows: rows.map((row) => this.#row(row)),
        ...(conflicts && {
          conflicts: conflicts.map((op) => ({ ...ref(this.#action(op)), ...this.#payload(op) })),
        }),
        ...(shows && { outbox: waiting.map((entry) => this.#entry(entry)) }),
      },
    })
  }

  /** Records as 'm1@2', deleted ones as '-m1@2'. */
  cursor(
    device: string,
    cursor: number,
    rows: readonly string[] = [],
    extra: Extra<'cursorSaved'> = {},
  ): this {
    return this.add(device, {
      type: 'cursorSaved',
      epoch: 'e1',
      cursor,
      complete: true,
      full: false,
      rows: rows.map((row) => {
        const [record = '', version] = row.replace(/^-/, '').split('@')
        return {
          collection: this.#collectionOf(record),
          record,
          version: Number(version),
          deleted: row.startsWith('-'),
        }
      }),
      ...extra,
    } as EventBody)
  }

  /** The server's final state: what the commits left, unless rows (operations) are said. */
  state(ops?: readonly string[], conflicts?: readonly string[]): this {
    const newest = [...this.#heads.values()].map((commit) => ({
      ...ref(commit),
      version: commit.version,
      deleted: commit.write === 'delete',
      ...(commit.op !== undefined && { op: commit.op, hash: commit.hash, text: commit.text }),
    }))
    const rows =
      ops?.map((op) => ({
        ...ref(this.#action(op)),
        version: 1,
        deleted: false,
        ...this.#payload(op),
      })) ?? newest
    return this.add('server', {
      type: 'serverState',
      epoch: 'e1',
      position: this.#commits,
      rows,
      ...(conflicts && {
        conflicts: conflicts.map((op) => ({
          ...ref(this.#action(op)),
          key: `k-${op}`,
          rule: 'test',
        })),
      }),
    } as EventBody)
  }

  crash(device: string): this {
    return this.add(device, {
      type: 'crash',
      incarnation: this.#incarnations.get(device) ?? 1,
      by: 'scenario',
    })
  }

  start(device: string): this {
    const incarnation = (this.#incarnations.get(device) ?? 1) + 1
    this.#incarnations.set(device, incarnation)
    return this.add(device, { type: 'start', incarnation })
  }

  phase(phase: EventOf<'phase'>['phase']): this {
    return this.add('harness', { type: 'phase', phase })
  }

  /** Everything is healed and comes to rest for `ms`; then the replicas are read. */
  rest(ms = 20_000): this {
    this.phase('heal').phase('settle')
    return this.at(this.#now + ms).phase('read')
  }

  /** `seq` of a named event. */
  seq(name: string): number {
    const seq = this.#named.get(name)
    if (seq === undefined) throw new Error(`no event is named '${name}'`)
    return seq
  }

  /** The history, through its own file format: what is not a valid event throws. */
  build(): History {
    const devices = (this.#options.devices ?? ['ana', 'ben']).map((name) => ({ name, user: name }))
    const scenario: Scenario = {
      version: 1,
      name: 'tiny',
      title: 'Tiny',
      story: 'A history written by hand.',
      devices,
      policy: this.#options.policy ?? 'last-write-wins',
      steps: [],
      healAt: 0,
      settle: 20_000,
      exercised: {},
      timeScale: 1,
    }
    const client = { name: 'tiny', capabilities: { ...FULL, ...this.#options.capabilities } }
    const setting = { scenario, client, server: { name: 'tiny' }, seed: 1, timeScale: 1 }
    const history = new History(historyHead(setting, 'sim'), this.#events)
    return History.parse(history.toJsonl(), 'tiny')
  }

  check(invariant: Invariant): Judgement {
    return invariant.check(this.build())
  }

  /** What the invariant finds. */
  findings(invariant: Invariant): readonly Finding[] {
    return this.check(invariant).findings
  }

  #action(op: string): WriteAction {
    const action = this.#actions.get(op)
    if (!action || !isWrite(action)) throw new Error(`nobody invoked ${op}`)
    return action
  }

  #hash(op: string): { hash?: string } {
    const action = this.#action(op)
    return action.type === 'delete' ? {} : { hash: payloadHash(action.content) }
  }

  #payload(op: string) {
    const action = this.#action(op)
    return action.type === 'delete'
      ? {}
      : { op, text: withoutMark(String(action.content.text)), ...this.#hash(op) }
  }

  #localOf(op: string): EventOf<'localCommit'> | undefined {
    return this.#events.find(
      (event): event is EventOf<'localCommit'> => event.type === 'localCommit' && event.op === op,
    )
  }

  #collectionOf(record: string): string {
    for (const action of this.#actions.values())
      if (action.record === record) return action.collection
    return 'messages'
  }

  #row(row: string): ShownRow {
    const [op = '', status] = row.split(' ')
    return {
      ...ref(this.#action(op)),
      id: this.#action(op).record,
      ...this.#payload(op),
      ...(status !== undefined && { status: status as 'pending' }),
    } as ShownRow
  }

  #entry(entry: string): OutboxEntry {
    const [op = '', state = 'pending'] = entry.split(' ')
    const rev = this.#localOf(op)?.rev ?? 1
    return {
      key: `k-${op}`,
      type: this.#action(op).type,
      ...ref(this.#action(op)),
      rev,
      ...this.#payload(op),
      state: state as 'pending',
    } as OutboxEntry
  }
}

const deviceOf = (op: string) => op.replace(/-\d+$/, '')
const ref = ({ collection, record }: { readonly collection: string; readonly record: string }) => ({
  collection,
  record,
})
