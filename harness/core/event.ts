/**
 * The events that a history consists of. Clients and servers record what happens inside them, the
 * host everything around them.
 *
 * Every event has an envelope: `seq` (its place in the history), `t` (scenario milliseconds) and
 * `node` (a device's name, 'server' or 'harness'). A payload is kept as a hash and the beginning of
 * its text, so that a history stays small even with large messages.
 *
 * @module
 */
import { z } from 'zod'
import { actionSchema } from './action.ts'
import { momentSchema, sentBodySchema } from './interception.ts'
import { requestEventSchema } from './request-event.ts'
import { responseEventSchema } from './response-event.ts'

const count = z.number().int().nonnegative()
const type = z.enum(['create', 'update', 'delete'])

/** A payload as a history keeps it. */
const payload = {
  /** The operation whose marker the payload carries. */
  opId: z.string().optional(),
  /** `payloadHash` of the whole content; absent for deletions. */
  hash: z.string().optional(),
  /** The text as typed, without the marker: the first 120 characters. */
  text: z.string().optional(),
}
const recordRef = { collection: z.string(), record: z.string() }

/** A row on a person's screen. */
export const shownRowSchema = z.object({
  ...recordRef,
  /** The client's own id for the row. */
  id: z.string(),
  ...payload,
  /** The clock, check or failure icon. Absent if the client has no such icons. */
  status: z.enum(['pending', 'sent', 'failed']).optional(),
  /** The newest server version in the row, if the client declares versions. */
  version: count.optional(),
})

/** A write that the server has not confirmed. */
export const outboxEntrySchema = z.object({
  key: z.string(),
  type,
  ...recordRef,
  rev: count,
  ...payload,
  state: z.enum(['pending', 'failed']),
})

/** A person's screen, and the outbox behind it. */
export const shownViewSchema = z.object({
  /** In the order shown, without deleted rows. */
  rows: z.array(shownRowSchema),
  /** Edits that lost a conflict and that the client still shows, with their content. */
  conflicts: z.array(z.object({ ...recordRef, ...payload })).optional(),
  pending: count.optional(),
  failed: count.optional(),
  /** The claim "everything is synced". */
  allSynced: z.boolean().optional(),
  outbox: z.array(outboxEntrySchema).optional(),
})

const clientEvents = [
  /** A transaction stored an action on the device: its row and its outbox entry. */
  z.object({
    type: z.literal('localCommit'),
    opId: z.string(),
    /** The idempotency key that its requests will carry. */
    key: z.string(),
    write: type,
    ...recordRef,
    /**
     * The record's revision on this device: 1 at first, raised by each local write to the record.
     * An ack of one revision leaves later ones pending.
     */
    rev: count,
    /** The confirmed version that the write was made on; 0 if there was none. */
    base: count.optional(),
    /** A hybrid logical clock stamp, if the client makes one. */
    stamp: z.string().optional(),
    /** The keys that must commit before this one. */
    deps: z.array(z.string()).optional(),
    hash: z.string().optional(),
  }),
  /**
   * A transaction applied the server's response for one outbox entry. `rev` is the revision that
   * was sent.
   */
  z.object({
    type: z.literal('ackApplied'),
    key: z.string(),
    rev: count,
    outcome: z.enum(['applied', 'duplicate', 'conflict', 'rejected']),
    version: count.optional(),
    /** True if the entry left the outbox, or stays there as failed because it was rejected. */
    cleared: z.boolean(),
  }),
  /** A transaction stored a page of changes, and the cursor after it. */
  z.object({
    type: z.literal('cursorSaved'),
    epoch: z.string(),
    cursor: count,
    /** True if the server had no more pages. */
    complete: z.boolean(),
    /** True if the page belongs to a resync from the beginning. */
    full: z.boolean(),
    rows: z.array(z.object({ ...recordRef, version: count, deleted: z.boolean() })),
  }),
  /** The client says why it did something, or did not: a remark for the reader of the report. */
  z.object({ type: z.literal('note'), text: z.string(), opId: z.string().optional() }),
] as const

const serverEvents = [
  /** A write took effect. Recorded inside the server, by the transaction of the write. */
  z.object({
    type: z.literal('serverCommit'),
    key: z.string().optional(),
    /** The commit's number in the server's sequence of commits; `seq` counts all events. */
    position: count,
    epoch: z.string(),
    write: type,
    ...recordRef,
    version: count,
    /** The version that the writer had seen; absent if the protocol does not carry it. */
    base: count.optional(),
    /** The newest version when the write arrived. */
    head: count,
    /** The stamp as stored, with which later writes are compared. */
    stamp: z.string().optional(),
    /** The user who wrote; empty if the dump that a commit was derived from names none. */
    author: z.string(),
    ...payload,
    /**
     * True if the server does not tell its writes: the commit was found by comparing what it held
     * before and after a response. `position` then counts such finds.
     */
    derived: z.boolean().optional(),
    /**
     * Only of derived commits: the server holds several rows under this name, and this is about the
     * second (1), the third (2) and so on. Absent for the first.
     */
    twin: count.optional(),
    /**
     * True if the server crashed before it could record the commit, and found it in its database at
     * the next start. `t` is the time of that start.
     */
    recovered: z.boolean().optional(),
  }),
  /** The server's decision on one item of a push. */
  z.object({
    type: z.literal('serverOutcome'),
    requestId: z.string().optional(),
    key: z.string().optional(),
    write: type,
    ...recordRef,
    ...payload,
    outcome: z.enum(['applied', 'duplicate', 'conflict', 'rejected']),
    base: z.number().int().nonnegative().optional(),
    head: count.optional(),
    /** The stamp as sent. */
    stamp: z.string().optional(),
    author: z.string().optional(),
    /** After a conflict: the key of the write that is the current version instead. */
    winner: z.string().optional(),
    /**
     * After a conflict: the key of the write that this one replaced. The server keeps it as a
     * conflict record.
     */
    loser: z.string().optional(),
    /** The rule that decided, in words. */
    rule: z.string().optional(),
  }),
  /** Everything that the server holds, tombstones included. */
  z.object({
    type: z.literal('serverState'),
    epoch: z.string(),
    /** The position of the server's newest commit. */
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
  /** A phase of the run begins. */
  z.object({
    type: z.literal('phase'),
    phase: z.enum(['act', 'heal', 'settle', 'read', 'probe', 'end']),
    /** On `read`: settling ended early, since nothing had happened for the client's `recovery`. */
    atRest: z.boolean().optional(),
  }),
  /** A fault begins (`on`) or ends. */
  z.object({
    type: z.literal('fault'),
    /** The step's index in the scenario: it distinguishes several windows of one fault. */
    id: count,
    name: z.string(),
    caption: z.string(),
    nodes: z.array(z.string()),
    on: z.boolean(),
  }),
  /** The operating system reported a change of the network. `metered` is present if it changed. */
  z.object({
    type: z.literal('connectivity'),
    online: z.boolean(),
    metered: z.boolean().optional(),
  }),
  /** Android's doze began or ended. */
  z.object({ type: z.literal('doze'), dozing: z.boolean() }),
  /** The wall clock was set `by` milliseconds ahead of the right time (negative: behind). */
  z.object({ type: z.literal('clock'), by: z.number() }),
  /** A new incarnation starts on the disk that the last one left. The first is 1. */
  z.object({ type: z.literal('start'), incarnation: count }),
  /**
   * The process died: killed by the scenario, by an error of its own (`message`), or by the harness
   * after a `freeze`.
   */
  z.object({
    type: z.literal('crash'),
    incarnation: count,
    by: z.enum(['scenario', 'itself', 'harness']),
    message: z.string().optional(),
    /** The place in the code under test that threw: 'my-client.ts:12:7'. */
    frame: z.string().optional(),
  }),
  /**
   * The code under test does not come back: it spins, or it answers nothing. If it spins, the
   * harness ends the incarnation.
   */
  z.object({
    type: z.literal('freeze'),
    incarnation: count,
    /** The code that does not come back: 'perform(ana-1)', 'a timer', 'view()'. */
    doing: z.string(),
    /** The measure that tells: 'no answer for 5 s of real time', '10000 timers at one instant'. */
    sign: z.string(),
    /** Scenario milliseconds at which the code was entered. */
    since: z.number(),
    /** The last action that the person had performed on the device. */
    opId: z.string().optional(),
  }),
  /** A line that the code under test wrote to its console. */
  z.object({
    type: z.literal('log'),
    level: z.enum(['debug', 'info', 'warn', 'error']),
    text: z.string(),
  }),
  /** The node reported something that breaks its contract. It is not recorded otherwise. */
  z.object({
    type: z.literal('invalid'),
    /** 'a view', 'the event ackApplied', 'saved of ana-1'. */
    what: z.string(),
    /** The wrong part as JSON, with its path: `rows.0.status: "delivered"`. */
    received: z.string(),
    expected: z.string(),
  }),
  /** In the sim, the code under test used a global of the machine, where a port would be right. */
  z.object({
    type: z.literal('bypass'),
    /** 'setTimeout' */
    global: z.string(),
    /** The place of the call: 'node_modules/lib/index.js:3:9'. */
    frame: z.string(),
    /** The port to use: 'clock.after'. */
    port: z.string(),
  }),
  /** An exception escaped the thing under test. */
  z.object({ type: z.literal('error'), message: z.string() }),
  /** A person performed an action. `wall` is what the device's wall clock showed. */
  z.object({ type: z.literal('invoke'), opId: z.string(), action: actionSchema, wall: z.number() }),
  /** The client accepted the action. `durable` is its claim that the action is on disk. */
  z.object({ type: z.literal('saved'), opId: z.string(), durable: z.boolean() }),
  /** The client refused the action, for a reason that the person sees. */
  z.object({ type: z.literal('refused'), opId: z.string(), reason: z.string() }),
  /** The client reported the action's outcome to the person. */
  z.object({
    type: z.literal('settled'),
    opId: z.string(),
    outcome: z.enum(['acked', 'rejected', 'conflict']),
    reason: z.string().optional(),
  }),
  requestEventSchema,
  responseEventSchema,
  /** The gateway did something to a request, by a fault of the scenario. */
  z.object({
    type: z.literal('intercepted'),
    requestId: z.string(),
    act: z.enum(['respond', 'lose-response', 'delay', 'reset', 'kill']),
    /** before: the server never saw the request. after: it had responded. */
    moment: momentSchema,
    /** The status that was sent in the place of the server's. */
    status: z.number().int().optional(),
    /** The body that was sent in the place of the server's. */
    body: sentBodySchema.optional(),
    /** Scenario milliseconds of a delay. */
    ms: z.number().optional(),
    /** The node that died. */
    victim: z.string().optional(),
  }),
  /** The server has received a whole request. */
  z.object({ type: z.literal('serverReceived'), requestId: z.string() }),
  /** The server has responded. The response may still be lost. */
  z.object({ type: z.literal('serverResponded'), requestId: z.string(), status: z.number().int() }),
  /** The client was asked for its view, and did not answer at once. */
  z.object({ type: z.literal('viewRequested'), request: count }),
  /**
   * A device's screen, recorded when it changed and when it was read. `request`: the number of the
   * `viewRequested` that it answers. The view shows what the client knew at some moment since then.
   */
  z.object({ type: z.literal('view'), view: shownViewSchema, request: count.optional() }),
] as const

const allEvents = [...clientEvents, ...serverEvents, ...hostEvents] as const
const bodies = z.discriminatedUnion('type', allEvents)

/** The schema of each type of event, without the envelope. */
export const bodySchemas: ReadonlyMap<string, z.ZodType<EventBody>> = new Map(
  allEvents.map((schema) => [schema.shape.type.value, schema as z.ZodType<EventBody>]),
)

export const eventSchema = z.intersection(
  z.object({ seq: count, t: z.number().nonnegative(), node: z.string() }),
  bodies,
)

export type ClientEvent = z.infer<(typeof clientEvents)[number]>
export type ServerEvent = z.infer<(typeof serverEvents)[number]>
export type HostEvent = z.infer<(typeof hostEvents)[number]>
export type EventBody = ClientEvent | ServerEvent | HostEvent
export type EventType = EventBody['type']

/** The fields that every event has besides its body. */
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
