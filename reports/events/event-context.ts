import type { EventOf } from '../../harness/core/event.ts'
import type { JoinedEvents } from '../../harness/core/joined-events.ts'
import type { RequestTrip } from '../../harness/core/request-trip.ts'
import { type RowChange, screenChanges } from './screen-changes.ts'

/** Events that name an operation by its marker or its key. */
type WriteEvent = EventOf<'serverCommit' | 'serverOutcome' | 'ackApplied'>

/** Looks up facts about one event in the rest of the history, for its description. */
export class EventContext {
  readonly #history: JoinedEvents
  readonly #trips: ReadonlyMap<string, RequestTrip>

  constructor(history: JoinedEvents) {
    this.#history = history
    this.#trips = new Map(history.requests.map((trip) => [trip.requestId, trip]))
  }

  /** Returns the id of the event's operation, else its key, else 'a write'. */
  nameOf(event: WriteEvent): string {
    return this.operationId(event) ?? (event.key === undefined ? 'a write' : keyText(event.key))
  }

  nameOfKey(key: string): string {
    return this.#history.operationOfKey(key)?.opId ?? keyText(key)
  }

  operationId(event: WriteEvent): string | undefined {
    return ('opId' in event ? event.opId : undefined) ?? this.#history.operationOf(event)?.opId
  }

  /** Returns true if the history has the transaction that saved the operation on the device. */
  hasLocalCommit(opId: string): boolean {
    return this.#history.operation(opId)?.localCommit !== undefined
  }

  /** 'POST /push' */
  requestLine(requestId: string | undefined): string {
    const request = requestId === undefined ? undefined : this.#trips.get(requestId)?.request
    return request ? `${request.method} ${request.path.split('?')[0]}` : 'a request'
  }

  senderOf(requestId: string): string | undefined {
    return this.#trips.get(requestId)?.device
  }

  /** Returns the last thing that a fault did to a request: it decided how the request ended. */
  interceptionOf(requestId: string): EventOf<'intercepted'> | undefined {
    return this.#trips.get(requestId)?.interceptions.at(-1)
  }

  /** Returns the milliseconds from the request to its response; 0 for an unknown request. */
  durationOf(response: EventOf<'response'>): number {
    return response.t - (this.#trips.get(response.requestId)?.request.t ?? response.t)
  }
}

const keyText = (key: string) => `key ${key.slice(0, 13)}`

/** Looks up facts about one event in the rest of the history, for its note. */
export class NoteContext extends EventContext {
  readonly #evidence: ReadonlySet<number>
  readonly #changes: ReadonlyMap<number, readonly RowChange[]>

  constructor(history: JoinedEvents, evidence: ReadonlySet<number>) {
    super(history)
    this.#evidence = evidence
    this.#changes = screenChanges(history)
  }

  isEvidence(event: EventOf<'view'>): boolean {
    return this.#evidence.has(event.seq)
  }

  /** Returns the rows that changed since the previous view of the device. */
  changesIn(event: EventOf<'view'>): readonly RowChange[] {
    return this.#changes.get(event.seq) ?? []
  }
}
