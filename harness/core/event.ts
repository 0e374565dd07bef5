import { z } from 'zod'
import { actionSchema } from './action.ts'

/**
 * What a history is made of. Every event has an envelope: `seq` (its place), `t` (scenario milliseconds), `node` (a device's name, 'server' or 'harness').
 * Payloads are kept as a hash and the head of their text: a history stays small whatever the messages weigh.
 */
const count = z.number().int().nonnegative()
const type = z.enum(['create', 'update', 'delete'])

/** A payload as the history keeps it. */
const payload = {
  /** The operation whose marker the payload carries. */
  op: z.string().optional(),
  /** payloadHash of the whole content; absent for deletes. */
  hash: z.string().optional(),
  /** The text as typed, at most 120 characters of it. */
  text: z.string().optional(),
}
const recordRef = { collection: z.string(), record: z.string() }

/** One row on a person's screen. */
export const shownRowSchema = z.object({
  ...recordRef,
  /** The client's own id for the row. */
  id: z.string(),
  ...payload,
  /** Clock icon, check icon, failure icon. Absent where the client has no such icons. */
  status: z.enum(['pending', 'sent', 'failed']).optional(),
  /** The newest server version that is in the row, where the client says so. */
  version: count.optional(),
})

export const outboxEntrySchema = z.object({
  key: z.string(),
  type,
  ...recordRef,
  rev: count,
  ...payload,
  state: z.enum(['pending', 'failed']),
})

/** A person's screen, and what is behind it. */
export const shownViewSchema = z.object({
  /** In the order shown, deleted rows left out. */
  rows: z.array(shownRowSchema),
  /** Losing edits the client still shows, with their content. */
  conflicts: z.array(z.object({ ...recordRef, ...payload })).optional(),
  pending: count.optional(),
  failed: count.optional(),
  /** The claim "everything is synced". */
  allSynced: z.boolean().optional(),
  outbox: z.array(outboxEntrySchema).optional(),
})

const clientEvents = [
  /** The action is durably saved on the device: one transaction holds its row and its outbox entry. */
  z.object({
    type: z.literal('localCommit'),
    op: z.string(),
    /** The idempotency key its requests will carry. */
    key: z.string(),
    write: type,
    ...recordRef,
    /** The record's revision on this device, from 1, raised by each local write to it: an ack for one leaves later ones pending. */
    rev: count,
    /** The confirmed version the write was made on; 0 when there was none. */
    base: count.optional(),
    /** Hybrid logical clock stamp, where the client makes one. */
    stamp: z.string().optional(),
    /** Keys that must commit first. */
    deps: z.array(z.string()).optional(),
    hash: z.string().optional(),
  }),
  /** The server's answer for one outbox entry has been durably applied. `rev` is the revision that was sent. */
  z.object({
    type: z.literal('ackApplied'),
    key: z.string(),
    rev: count,
    outcome: z.enum(['applied', 'duplicate', 'conflict', 'rejected']),
    version: count.optional(),
    /** The entry left the outbox (or was parked, if rejected). */
    cleared: z.boolean(),
  }),
  /** A page of changes and the cursor behind it have been durably saved in one transaction. */
  z.object({
    type: z.literal('cursorSaved'),
    epoch: z.string(),
    cursor: count,
    /** No more pages were waiting. */
    complete: z.boolean(),
    /** The page belongs to a resync from nothing. */
    full: z.boolean(),
    rows: z.array(z.object({ ...recordRef, version: count, deleted: z.boolean() })),
  }),
] as const

const serverEvents = [
  /** A write took effect. Recorded inside the server, by the transaction that did it. */
  z.object({
    type: z.literal('serverCommit'),
    key: z.string().optional(),
    /** Its number in the server's own sequence of commits. (Not `seq`, which is any event's place in the history.) */
    position: count,
    epoch: z.string(),
    write: type,
    ...recordRef,
    version: count,
    /** The version the writer had seen; absent where its protocol does not say. */
    base: count.optional(),
    /** The version that was the newest when it came. */
    head: count,
    stamp: z.string().optional(),
    author: z.string(),
    ...payload,
    /** Found in the server's own log after a crash that kept it from being reported. Its `t` is when it was found. */
    recovered: z.boolean().optional(),
  }),
  /** What the server decided on one item of a push. */
  z.object({
    type: z.literal('serverOutcome'),
    req: z.string().optional(),
    key: z.string().optional(),
    write: type,
    ...recordRef,
    ...payload,
    outcome: z.enum(['applied', 'duplicate', 'conflict', 'rejected']),
    base: z.number().int().nonnegative().optional(),
    head: count.optional(),
    stamp: z.string().optional(),
    author: z.string().optional(),
    /** The key whose write stands instead, after a conflict. */
    winner: z.string().optional(),
    /** A write that had stood and lost to this one. The server keeps a conflict record of it. */
    loser: z.string().optional(),
    /** The rule that decided, in plain words. */
    rule: z.string().optional(),
  }),
  /** Everything the server holds, tombstones included. */
  z.object({
    type: z.literal('serverState'),
    epoch: z.string(),
    /** The number of its newest commit. */
    position: count,
    rows: z.array(
      z.object({
        ...recordRef,
        version: count,
        deleted: z.boolean(),
        author: z.string().optional(),
        ...payload,
      }),
    ),
    conflicts: z
      .array(z.object({ ...recordRef, key: z.string().optional(), ...payload, rule: z.string() }))
      .optional(),
  }),
] as const

const hostEvents = [
  z.object({
    type: z.literal('phase'),
    phase: z.enum(['act', 'heal', 'settle', 'read', 'probe', 'end']),
  }),
  z.object({
    type: z.literal('fault'),
    /** Tells this window from others of the same fault: the step's index in the scenario. */
    id: count,
    name: z.string(),
    says: z.string(),
    nodes: z.array(z.string()),
    on: z.boolean(),
  }),
  /** `metered` is there when it has changed. */
  z.object({
    type: z.literal('connectivity'),
    online: z.boolean(),
    metered: z.boolean().optional(),
  }),
  z.object({ type: z.literal('doze'), dozing: z.boolean() }),
  z.object({ type: z.literal('clock'), by: z.number() }),
  /** A new incarnation runs on what the last one left on disk. Numbered from 1. */
  z.object({ type: z.literal('start'), incarnation: count }),
  /** The process is gone: killed by the scenario, or it fell over by itself (then `message` says how). */
  z.object({
    type: z.literal('crash'),
    incarnation: count,
    by: z.enum(['scenario', 'itself']),
    message: z.string().optional(),
  }),
  /** An exception that the thing under test let escape. */
  z.object({ type: z.literal('error'), message: z.string() }),
  z.object({ type: z.literal('invoke'), op: z.string(), action: actionSchema, wall: z.number() }),
  /** The client told the person that the action is taken. `durable` is its own claim. */
  z.object({ type: z.literal('saved'), op: z.string(), durable: z.boolean() }),
  /** The client told the person at once that it cannot do this. */
  z.object({ type: z.literal('refused'), op: z.string(), reason: z.string() }),
  /** The client told the person how it ended. */
  z.object({
    type: z.literal('settled'),
    op: z.string(),
    outcome: z.enum(['acked', 'rejected', 'conflict']),
    reason: z.string().optional(),
  }),
  z.object({
    type: z.literal('request'),
    /** Travels as the header `tunnelproof-request`, so that what the server saw of it can be told. */
    req: z.string(),
    method: z.string(),
    path: z.string(),
    bytes: count,
    /** Operations whose markers are in the body. */
    ops: z.array(z.string()),
    about: z.array(z.object({ key: z.string(), attempt: count })).optional(),
    deadline: z.number().optional(),
  }),
  z.object({
    type: z.literal('response'),
    req: z.string(),
    outcome: z.enum(['response', 'refused', 'reset', 'cut', 'timeout', 'aborted']),
    status: z.number().int().optional(),
    bytes: count.optional(),
  }),
  z.object({ type: z.literal('serverReceived'), req: z.string() }),
  z.object({ type: z.literal('serverResponded'), req: z.string(), status: z.number().int() }),
  z.object({ type: z.literal('view'), view: shownViewSchema }),
] as const

const bodies = z.discriminatedUnion('type', [...clientEvents, ...serverEvents, ...hostEvents])

export const eventSchema = z.intersection(
  z.object({ seq: count, t: z.number().nonnegative(), node: z.string() }),
  bodies,
)

export type ClientEvent = z.infer<(typeof clientEvents)[number]>
export type ServerEvent = z.infer<(typeof serverEvents)[number]>
export type HostEvent = z.infer<(typeof hostEvents)[number]>
export type EventBody = ClientEvent | ServerEvent | HostEvent
export type EventType = EventBody['type']

/** What every event has besides its body. */
export interface Envelope {
  readonly seq: number
  readonly t: number
  readonly node: string
}

export type Event = EventBody & Envelope
/** The events of one type, envelope included: `EventOf<'serverCommit'>`. */
export type EventOf<Type extends EventType> = Extract<EventBody, { type: Type }> & Envelope

export type ShownView = z.infer<typeof shownViewSchema>
export type ShownRow = z.infer<typeof shownRowSchema>
export type OutboxEntry = z.infer<typeof outboxEntrySchema>
