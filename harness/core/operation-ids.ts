import type { EventBody, EventOf } from './event.ts'
import type { Events } from './events.ts'
import { groupBy } from './group.ts'
import type { Scenario } from './scenario.ts'
import { joinUnmarkedDeletions, type UnmarkedDeletions } from './unmarked-deletions.ts'

/** The part of a history that exists before its operations are joined. */
export interface RequestEvents extends Events {
  readonly head: { readonly scenario: Scenario }
  readonly requests: readonly {
    readonly request: EventOf<'request'>
    readonly received?: EventOf<'serverReceived'>
  }[]
}

type ServerDecision = EventOf<'serverCommit'> | EventOf<'serverOutcome'>
type ServerWrite = Extract<EventBody, { type: 'serverCommit' | 'serverOutcome' }>

const NONE: ReadonlySet<string> = new Set()

const isContentWrite = (type: string) => type === 'create' || type === 'update'

/**
 * Resolves idempotency keys, and the events that carry them, to operation ids. This is the only
 * place that does: joins, invariants and reports all depend on it.
 *
 * A key usually belongs to one operation. A client that keeps one outbox row per record uses one
 * key for several writes. Then an event with a revision belongs to the write of that revision, and
 * any other event to the newest write.
 */
export class OperationIds {
  readonly #ofKey = new Map<string, string>()
  readonly #localCommits: ReadonlyMap<string, readonly EventOf<'localCommit'>[]>
  /** The operations that write content: their markers never stand for a deletion. */
  readonly #writers: ReadonlySet<string>
  readonly #unmarked: UnmarkedDeletions

  constructor(history: RequestEvents) {
    this.#localCommits = groupBy(history.of('localCommit'), (event) => event.key)
    this.#learnFromLocalCommits(history)
    this.#learnFromServer(history)
    this.#learnFromLoneRequests(history)
    this.#writers = new Set(
      history
        .of('invoke')
        .flatMap(({ opId, action }) => (isContentWrite(action.type) ? [opId] : [])),
    )
    this.#unmarked = joinUnmarkedDeletions(
      history,
      (event) => this.#ofMarkOrKey(event),
      (key) => this.#ofKey.get(key),
    )
    for (const [{ key }, opId] of this.#unmarked.opIdOf)
      if (key !== undefined) this.#learn(key, opId)
  }

  /** Returns the operation that the key belongs to; the newest, if several share it. */
  ofKey(key: string): string | undefined {
    return this.#ofKey.get(key)
  }

  /**
   * Returns true if the server reported an unmarked deletion that may or may not be this operation:
   * then a missing commit proves nothing.
   */
  isUncertain(opId: string): boolean {
    return this.#unmarked.uncertain.has(opId)
  }

  /** Returns true if the device recorded a write under this key: then nothing is inferred. */
  isFromDevice(key: string): boolean {
    return this.#localCommits.has(key)
  }

  /**
   * Returns the operation that an event belongs to: by the operation id in the event; for an ack by
   * key and revision; for a server's event by marker, or else by key; for a deletion also by user,
   * record and order.
   */
  ofEvent(event: EventBody): string | undefined {
    switch (event.type) {
      case 'invoke':
      case 'saved':
      case 'refused':
      case 'settled':
      case 'localCommit':
        return event.opId
      case 'serverOutcome':
      case 'serverCommit':
        return this.#ofMarkOrKey(event) ?? this.#unmarked.opIdOf.get(event as ServerDecision)
      case 'ackApplied':
        return this.#ofAck(event)
      default:
        return undefined
    }
  }

  /**
   * Returns the operations that a request carried: those whose markers are in its body, and, for
   * each key without such a marker, the newest write that the device saved under the key before the
   * request.
   */
  ofRequest({ opIds, about = [], seq }: EventOf<'request'>): ReadonlySet<string> {
    // Most requests are polls.
    if (opIds.length + about.length === 0) return NONE
    const carried = new Set(opIds)
    for (const { key } of about) {
      const writes = this.#localCommits.get(key) ?? []
      if (writes.some(({ opId }) => carried.has(opId))) continue
      const opId = writes.findLast((write) => write.seq < seq)?.opId ?? this.#ofKey.get(key)
      if (opId !== undefined) carried.add(opId)
    }
    return carried
  }

  #ofMarkOrKey({ opId, key, write }: ServerWrite): string | undefined {
    const candidates = [opId, key === undefined ? undefined : this.#ofKey.get(key)]
    // A deletion may carry the text that it deletes, with its writer's marker.
    return candidates.find(
      (one) => one !== undefined && (write !== 'delete' || !this.#writers.has(one)),
    )
  }

  #ofAck({ key, rev }: Extract<EventBody, { type: 'ackApplied' }>): string | undefined {
    const write = this.#localCommits.get(key)?.find((event) => event.rev === rev)
    return write?.opId ?? this.#ofKey.get(key)
  }

  #learnFromLocalCommits(history: RequestEvents): void {
    for (const { key, opId } of history.of('localCommit')) this.#ofKey.set(key, opId)
  }

  /** Learns keys that the device did not record, from server events with a key and a marker. */
  #learnFromServer(history: RequestEvents): void {
    for (const { key, opId } of [...history.of('serverOutcome'), ...history.of('serverCommit')]) {
      if (key !== undefined && opId !== undefined) this.#learn(key, opId)
    }
  }

  /**
   * Learns keys from requests with exactly one key and one marker. Otherwise a key that never
   * reached the server would stay unknown, and KEY-STABLE would overlook a client that creates a
   * new key for each attempt.
   */
  #learnFromLoneRequests(history: RequestEvents): void {
    for (const { request } of history.requests) {
      const { about = [], opIds } = request
      if (about.length !== 1 || opIds.length !== 1) continue
      const [key, opId] = [about[0]?.key, opIds[0]]
      if (key !== undefined && opId !== undefined) this.#learn(key, opId)
    }
  }

  #learn(key: string, opId: string): void {
    if (!this.#ofKey.has(key)) this.#ofKey.set(key, opId)
  }
}
