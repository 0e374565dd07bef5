import type { WriteAction } from '../core/action.ts'
import type { EventOf } from '../core/event.ts'
import { payloadHash } from '../core/hash.ts'
import { withoutMark } from '../core/mark.ts'

type Commit = EventOf<'serverCommit'>

/** The payload fields of an event. Empty for a deletion. */
export interface Payload {
  readonly op?: string
  readonly text?: string
  readonly hash?: string
}

/**
 * Keeps the writes of a hand-written history: the record and payload of each operation, each
 * device's revisions of a record, and the server's newest version of it.
 */
export class WrittenRecords {
  readonly #actions = new Map<string, WriteAction>()
  readonly #revisions = new Map<string, number>()
  readonly #revisionOfOp = new Map<string, number>()
  readonly #heads = new Map<string, Commit>()

  invoke(action: WriteAction): void {
    this.#actions.set(action.op, action)
  }

  /** Returns the operation's action. Throws if the operation was not invoked. */
  action(op: string): WriteAction {
    const action = this.#actions.get(op)
    if (!action) {
      const known = [...this.#actions.keys()].join(', ') || 'none'
      throw new Error(`expected an operation that was invoked (${known}), got '${op}'`)
    }
    return action
  }

  record(op: string): { readonly collection: string; readonly record: string } {
    const { collection, record } = this.action(op)
    return { collection, record }
  }

  hash(op: string): { readonly hash?: string } {
    const action = this.action(op)
    return action.type === 'delete' ? {} : { hash: payloadHash(action.content) }
  }

  payload(op: string): Payload {
    const action = this.action(op)
    if (action.type === 'delete') return {}
    return { op, text: withoutMark(String(action.content.text)), ...this.hash(op) }
  }

  /** Returns the collection of a record's first write. Default: notes for `n…`, else messages. */
  collectionOf(record: string): string {
    for (const action of this.#actions.values())
      if (action.record === record) return action.collection
    return record.startsWith('n') ? 'notes' : 'messages'
  }

  /** Returns the revision of a new local write: the given one, or the next on the device. */
  revise(device: string, op: string, given?: number): number {
    const key = `${device} ${this.#nameOf(op)}`
    const revision = given ?? (this.#revisions.get(key) ?? 0) + 1
    this.#revisions.set(key, revision)
    if (!this.#revisionOfOp.has(op)) this.#revisionOfOp.set(op, revision)
    return revision
  }

  /** Returns the revision of the operation's first local commit; 1 without any. */
  revisionOf(op: string): number {
    return this.#revisionOfOp.get(op) ?? 1
  }

  commit(op: string, commit: Commit): void {
    this.#heads.set(this.#nameOf(op), commit)
  }

  /** Returns the server's newest version of the operation's record; undefined without commits. */
  versionOf(op: string): number | undefined {
    return this.#heads.get(this.#nameOf(op))?.version
  }

  /** The newest commit of each record. */
  get heads(): readonly Commit[] {
    return [...this.#heads.values()]
  }

  #nameOf(op: string): string {
    const { collection, record } = this.action(op)
    return `${collection} ${record}`
  }
}
