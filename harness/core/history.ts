import { z } from 'zod'
import { type Capabilities, capabilitiesSchema } from './capabilities.ts'
import { type Event, type EventBody, type EventOf, type EventType, eventSchema } from './event.ts'
import type { Events } from './events.ts'
import { sha256Hex } from './hash.ts'
import { joinOperations } from './join-operations.ts'
import { canonical } from './json.ts'
import type { Operation } from './operation.ts'
import { OperationIds } from './operation-ids.ts'
import { Problem } from './problem.ts'
import { joinRequests, type RequestTrip } from './request-trip.ts'
import { type Scenario, scenarioSchema } from './scenario.ts'

const headSchema = z.object({
  format: z.literal('tunnelproof-history'),
  version: z.literal(1),
  scenario: scenarioSchema,
  client: z.object({ name: z.string(), capabilities: capabilitiesSchema }),
  server: z.object({ name: z.string() }),
  seed: z.number().int(),
  world: z.string(),
  /** Scenario milliseconds to a real one; 1 in the sim, where the ratio means nothing. */
  timeScale: z.number(),
})

/** What a history is the history of: its first line. */
export interface HistoryHead extends Omit<z.infer<typeof headSchema>, 'scenario' | 'client'> {
  readonly scenario: Scenario
  readonly client: { readonly name: string; readonly capabilities: Capabilities }
}

/**
 * What happened in one run, with the joins that invariants and reports need. Everything but `probe` is about the run proper: probing comes after the replicas
 * were read, to learn what would unstick an operation that did not end.
 */
export class History implements Events {
  readonly head: HistoryHead
  /** All events in order, those of the probe phase too. */
  readonly all: readonly Event[]
  /** The run proper. */
  readonly events: readonly Event[]
  /** What was tried on stuck operations afterwards; empty mostly. */
  readonly probe: readonly Event[]
  #byType: Map<EventType, Event[]> | undefined
  readonly #byNode = new Map<string, readonly Event[]>()
  #ids: OperationIds | undefined
  #operations: readonly Operation[] | undefined
  #requests: readonly RequestTrip[] | undefined
  #byOp: Map<string, Operation> | undefined

  constructor(head: HistoryHead, events: readonly Event[]) {
    this.head = head
    this.all = events
    const probeAt = events.findIndex((event) => event.type === 'phase' && event.phase === 'probe')
    this.events = probeAt < 0 ? events : events.slice(0, probeAt)
    this.probe = probeAt < 0 ? [] : events.slice(probeAt)
  }

  /** The run's events of one type, of one node if named, in order. */
  of<Type extends EventType>(type: Type, node?: string): readonly EventOf<Type>[] {
    if (!this.#byType) {
      this.#byType = new Map()
      for (const event of this.events) {
        const list = this.#byType.get(event.type)
        if (list) list.push(event)
        else this.#byType.set(event.type, [event])
      }
    }
    const found = (this.#byType.get(type) ?? []) as EventOf<Type>[]
    if (node === undefined) return found
    const name = `${type} ${node}`
    const known = this.#byNode.get(name) as EventOf<Type>[] | undefined
    if (known) return known
    const own = found.filter((event) => event.node === node)
    this.#byNode.set(name, own)
    return own
  }

  /** What people did, each with everything that came of it, in the order of invocation. */
  get operations(): readonly Operation[] {
    this.#operations ??= joinOperations(this, this.#operationIds)
    return this.#operations
  }

  get #operationIds(): OperationIds {
    this.#ids ??= new OperationIds(this)
    return this.#ids
  }

  operation(op: string): Operation | undefined {
    this.#byOp ??= new Map(this.operations.map((operation) => [operation.op, operation]))
    return this.#byOp.get(op)
  }

  /**
   * The operation that an event belongs to: an action's own events and what the client said of it,
   * by id; an ack by key and revision; what the server did, by marker or key. Undefined for all other
   * events, and where nothing in the history tells. A request carries several: see `Operation.requests`.
   */
  operationOf(event: EventBody): Operation | undefined {
    const op = this.#operationIds.ofEvent(event)
    return op === undefined ? undefined : this.operation(op)
  }

  /** The operation whose idempotency key this is: of several that share one, the newest. */
  operationOfKey(key: string): Operation | undefined {
    const op = this.#operationIds.ofKey(key)
    return op === undefined ? undefined : this.operation(op)
  }

  /** Every request with what the server saw of it and what came back, in the order of sending. */
  get requests(): readonly RequestTrip[] {
    this.#requests ??= joinRequests(this)
    return this.#requests
  }

  get devices(): readonly string[] {
    return this.head.scenario.devices.map((device) => device.name)
  }

  /** When a phase of the run began; undefined when it never did. */
  phase(phase: EventOf<'phase'>['phase']): EventOf<'phase'> | undefined {
    return this.of('phase').find((event) => event.phase === phase)
  }

  /** The last view of a device: after the read phase began, its final screen. */
  lastView(device: string): EventOf<'view'> | undefined {
    return this.of('view', device).at(-1)
  }

  /** The server's final state, if it was read. */
  get serverState(): EventOf<'serverState'> | undefined {
    return this.of('serverState').at(-1)
  }

  /** One canonical JSON object a line, the head first: the file format, and what the hash is taken of. */
  toJsonl(): string {
    return `${[this.head, ...this.all].map(canonical).join('\n')}\n`
  }

  /** In the sim a function of scenario, client, server and seed alone. */
  hash(): string {
    return sha256Hex(this.toJsonl())
  }

  /** Reads the file format back. Throws a Problem that names the line. */
  static parse(jsonl: string, source: string): History {
    const [first, ...rest] = jsonl.split('\n').filter((line) => line !== '')
    const head = parseLine(headSchema, first ?? '', source, 1)
    return new History(
      head as HistoryHead,
      rest.map((line, i) => parseLine(eventSchema, line, source, i + 2) as Event),
    )
  }
}

function parseLine<Schema extends z.ZodType>(
  schema: Schema,
  line: string,
  source: string,
  number: number,
): z.infer<Schema> {
  let data: unknown
  try {
    data = JSON.parse(line)
  } catch {
    throw new Problem(
      `${source}, line ${number}: expected one JSON object a line, got ${JSON.stringify(line.slice(0, 40))}`,
    )
  }
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Problem(
    `${source}, line ${number}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'unreadable'}`,
  )
}
