import type { WriteAction } from '../core/action.ts'
import type { EventOf } from '../core/event.ts'
import { payloadHash } from '../core/hash.ts'
import { withoutMark } from '../core/mark.ts'

type Commit = EventOf<'serverCommit'>

/** The payload fields of an event. Empty for a deletion. */
export interface Payload {
  readonly opId?: string
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
    this.#actions.set(action.opId, action)
  }

  /** Returns the operation's action. Throws if the operation was not invoked. */
  action(opId: string): WriteAction {
    const action = this.#actions.get(opId)
    if (!action) {
      const known = [...this.#actions.keys()].join(', ') || 'none'
      throw new Error(`expected an operation that was invoked (${known}), got '${opId}'`)
    }
    return action
  }

  record(opId: string): { readonly collection: string; readonly record: string } {
    const { collection, record } = this.action(opId)
    return { collection, record }
  }

  hash(opId: string): { readonly hash?: string } {
    const action = this.action(opId)
    return action.type === 'delete' ? {} : { hash: payloadHash(action.content) }
  }

  payload(opId: string): Payload {
    const action = this.action(opId)
    if (action.type === 'delete') return {}
    return { opId, text: withoutMark(String(action.content.text)), ...this.hash(opId) }
  }

  /** Returns the collection of a record's first write. Default: notes for `n…`, else messages. */
  collectionOf(record: string): string {
    for (const action of this.#actions.values())
      if (action.record === record) return action.collection
    return record.startsWith('n') ? 'notes' : 'messages'
  }

  /** Returns the revision of a new local write: the given one, or the next on the device. */
  revise(device: string, opId: string, given?: number): number {
    const key = `${device} ${this.#nameOf(opId)}`
    const revision = given ?? (this.#revisions.get(key) ?? 0) + 1
    this.#revisions.set(key, revision)
    if (!this.#revisionOfOp.has(opId)) this.#revisionOfOp.set(opId, revision)
    return revision
  }

  /** Returns the revision of the operation's first local commit; 1 without any. */
  revisionOf(opId: string): number {
    return this.#revisionOfOp.get(opId) ?? 1
  }

  commit(opId: string, commit: Commit): void {
    this.#heads.set(this.#nameOf(opId), commit)
  }

  /** Returns the server's newest version of the operation's record; undefined without commits. */
  versionOf(opId: string): number | undefined {
    return this.#heads.get(this.#nameOf(opId))?.version
  }

  /** The newest commit of each record. */
  get heads(): readonly Commit[] {
    return [...this.#heads.values()]
  }

  #nameOf(opId: string): string {
    const { collection, record } = this.action(opId)
    return `${collection} ${record}`
  }
}
