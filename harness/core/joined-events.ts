import type { Event, EventBody, EventOf, EventType } from './event.ts'
import type { Events } from './events.ts'
import { groupBy } from './group.ts'
import type { HistoryHead } from './history-head.ts'
import { joinOperations } from './join-operations.ts'
import type { Operation } from './operation.ts'
import { OperationIds } from './operation-ids.ts'
import { joinRequests, type RequestTrip } from './request-trip.ts'

/** Events in order, with the joins that invariants and reports need, computed on first use. */
export class JoinedEvents implements Events {
  readonly head: HistoryHead
  readonly events: readonly Event[]
  #byType: ReadonlyMap<EventType, readonly Event[]> | undefined
  readonly #byNode = new Map<EventType, ReadonlyMap<string, readonly Event[]>>()
  #ids: OperationIds | undefined
  #operations: readonly Operation[] | undefined
  #requests: readonly RequestTrip[] | undefined
  #byOp: ReadonlyMap<string, Operation> | undefined

  constructor(head: HistoryHead, events: readonly Event[]) {
    this.head = head
    this.events = events
  }

  /** Returns the events of one type, in order; those of one node only, if `node` is given. */
  of<Type extends EventType>(type: Type, node?: string): readonly EventOf<Type>[] {
    this.#byType ??= groupBy(this.events, (event) => event.type)
    const ofType = (this.#byType.get(type) ?? []) as readonly EventOf<Type>[]
    if (node === undefined) return ofType
    let byNode = this.#byNode.get(type)
    if (!byNode) {
      byNode = groupBy<Event, string>(ofType, (event) => event.node)
      this.#byNode.set(type, byNode)
    }
    return (byNode.get(node) ?? []) as readonly EventOf<Type>[]
  }

  /** All operations in the order of invocation, each with the events that belong to it. */
  get operations(): readonly Operation[] {
    this.#operations ??= joinOperations(this, this.#operationIds)
    return this.#operations
  }

  /** Returns the operation with this id, if it was invoked. */
  operation(opId: string | undefined): Operation | undefined {
    if (opId === undefined) return undefined
    this.#byOp ??= new Map(this.operations.map((operation) => [operation.opId, operation]))
    return this.#byOp.get(opId)
  }

  /**
   * Returns the operation that an event belongs to. An action's own events and the client's reports
   * on it are resolved by id, an ack by key and revision, the server's events by marker or key, a
   * deletion without these by user, record and order. Returns undefined for all other events, and
   * if the join is ambiguous. A request may carry several operations: see `Operation.requests`.
   */
  operationOf(event: EventBody): Operation | undefined {
    return this.operation(this.#operationIds.ofEvent(event))
  }

  /** Returns the operation with this idempotency key; the newest, if several share it. */
  operationOfKey(key: string): Operation | undefined {
    return this.operation(this.#operationIds.ofKey(key))
  }

  /** All requests in the order of sending, each with the server's events and its response. */
  get requests(): readonly RequestTrip[] {
    this.#requests ??= joinRequests(this)
    return this.#requests
  }

  /** The names of the scenario's devices. */
  get devices(): readonly string[] {
    return this.head.scenario.devices.map((device) => device.name)
  }

  /** Returns the event that began a phase; undefined if the phase never began. */
  phase(phase: EventOf<'phase'>['phase']): EventOf<'phase'> | undefined {
    return this.of('phase').find((event) => event.phase === phase)
  }

  /** Returns a device's last view. In a complete history that is its final screen. */
  lastView(device: string): EventOf<'view'> | undefined {
    return this.of('view', device).at(-1)
  }

  /** The final state of the server, if it was read. */
  get serverState(): EventOf<'serverState'> | undefined {
    return this.of('serverState').at(-1)
  }

  get #operationIds(): OperationIds {
    this.#ids ??= new OperationIds(this)
    return this.#ids
  }
}
