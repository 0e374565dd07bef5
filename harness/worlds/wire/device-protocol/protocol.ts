/**
 * The device protocol: how the harness and a process under test communicate. Every line is one JSON
 * object. A client in any language that speaks it can be tested (ClientDefinition.command).
 *
 * - **stdin** carries commands ({@link deviceCommandSchema}), **stdout** messages
 *   ({@link messageSchema}). **stderr** is free: it goes to the log, and the cause of a crash is
 *   searched there.
 * - The process sends `ready` once it can receive commands. `start` is sent once, and first.
 * - The process exits when stdin closes: the harness has exited.
 * - A kill is SIGKILL. The files in `folder` survive it; the next process gets the same folder.
 * - An instant `t` is in scenario milliseconds:
 *   max(0, (CLOCK_MONOTONIC in ns − origin) / 1e6 × timeScale). A span of s scenario milliseconds
 *   lasts s / timeScale real ones. The wall clock shows epochWall + t + skew.
 *
 * A session, commands marked >, messages <:
 *
 *     < {"type":"ready"}
 *     > {"type":"start","id":1,"device":"ana","folder":"/tmp/x/ana","origin":"81234567890", …}
 *     < {"type":"reply","id":1}
 *     > {"type":"perform","action":{"type":"create","opId":"ana-1", …}}
 *     < {"type":"event","t":5003.2,"event":{"type":"saved","opId":"ana-1","durable":true}}
 *     > {"type":"view","id":2}
 *     < {"type":"view","view":{"rows":[{"collection":"messages","id":"1", …}]}}
 *     < {"type":"reply","id":2}
 *
 * @module
 */

import { z } from 'zod'
import { actionSchema } from '../../../core/action.ts'
import type { View } from '../../../core/client.ts'
import { type EventBody, type EventType, eventSchema } from '../../../core/event.ts'
import { serverStateSchema } from '../../../core/server-state.ts'
import { TRACE_CHANNELS } from '../../../core/trace.ts'

const id = z.number().int()
/**
 * Nanoseconds of the machine's CLOCK_MONOTONIC at scenario time 0, as a decimal text. If it is in
 * the future, the process waits for it before anything happens.
 */
const origin = z.string().regex(/^\d+$/)

/** The channels on which the process must send `trace` messages. Default: none. */
const trace = z.array(z.enum(TRACE_CHANNELS)).optional()

/** Commands to a device's process. `id` is repeated in the reply. */
export const deviceCommandSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    id,
    device: z.string(),
    user: z.string(),
    /** Base URL of the server, over this device's own link: 'http://127.0.0.1:4711'. */
    server: z.string(),
    /** The folder for its files, which outlive it. */
    folder: z.string(),
    origin,
    timeScale: z.number().positive(),
    epochWall: z.number(),
    /** Seeds its random generator, together with the incarnation. */
    seed: z.number().int(),
    /** Counted from 1. */
    incarnation: z.number().int().positive(),
    online: z.boolean(),
    metered: z.boolean(),
    dozing: z.boolean(),
    skew: z.number(),
    trace,
  }),
  /** Perform a person's action. No reply: the events saved, refused and settled report it. */
  z.object({ type: z.literal('perform'), action: actionSchema }),
  /** Send a `view`, then reply. */
  z.object({ type: z.literal('view'), id }),
  /** The system's signals. `skew`: the wall clock is so many scenario milliseconds ahead. */
  z.object({
    type: z.literal('set'),
    online: z.boolean().optional(),
    metered: z.boolean().optional(),
    dozing: z.boolean().optional(),
    skew: z.number().optional(),
  }),
  /** Reply once everything reported so far has been written to stdout. */
  z.object({ type: z.literal('sync'), id }),
  /** Release timers and files, reply, and exit. */
  z.object({ type: z.literal('stop'), id }),
])
export type DeviceCommand = z.infer<typeof deviceCommandSchema>

/** Commands to the server's process. */
export const serverCommandSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    id,
    /** The port to listen on, on 127.0.0.1; the same for each incarnation. */
    port: z.number().int(),
    folder: z.string(),
    policy: z.string(),
    recordedThrough: z.number().int(),
    state: serverStateSchema,
    /** Absent on the first start: scenario time stays 0 until `clock` arrives. */
    origin: origin.optional(),
    timeScale: z.number().positive(),
    seed: z.number().int(),
    incarnation: z.number().int().positive(),
    trace,
  }),
  z.object({ type: z.literal('clock'), origin }),
  z.object({ type: z.literal('set'), state: serverStateSchema }),
  z.object({ type: z.literal('dump'), id }),
  z.object({ type: z.literal('sync'), id }),
  z.object({ type: z.literal('stop'), id }),
])
export type ServerCommand = z.infer<typeof serverCommandSchema>

const content = z.record(z.string(), z.json())

/** The View of core/client.ts. */
const viewSchema = z.object({
  rows: z.array(
    z.object({
      collection: z.string(),
      id: z.string(),
      record: z.string().optional(),
      content,
      status: z.enum(['pending', 'sent', 'failed']).optional(),
      version: z.number().int().optional(),
    }),
  ),
  conflicts: z.array(z.object({ collection: z.string(), record: z.string(), content })).optional(),
  pending: z.number().int().optional(),
  failed: z.number().int().optional(),
  allSynced: z.boolean().optional(),
  outbox: z
    .array(
      z.object({
        key: z.string(),
        type: z.enum(['create', 'update', 'delete']),
        collection: z.string(),
        record: z.string(),
        rev: z.number().int(),
        content: content.optional(),
        state: z.enum(['pending', 'failed']),
      }),
    )
    .optional(),
}) as unknown as z.ZodType<View>

/** Default: the instant at which the line arrives. */
const t = z.number().optional()

/** Messages from a process to the harness. */
export const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** An event of core/event.ts, one of {@link DEVICE_EVENTS} or {@link SERVER_EVENTS}. */
  z.object({ type: z.literal('event'), t, event: z.looseObject({ type: z.string() }) }),
  /** Contents of the screen. The history keeps a hash and the beginning of each text. */
  z.object({ type: z.literal('view'), t, view: viewSchema }),
  z.object({ type: z.literal('reply'), id, problem: z.string().optional() }),
  /** A timer fired this many real milliseconds late, which is a new maximum. */
  z.object({ type: z.literal('late'), ms: z.number() }),
  /** The server is about to kill itself, at the crash point set by `set`. */
  z.object({ type: z.literal('dying'), t }),
  /** A line for debugging, on a channel that `start` has switched on. */
  z.object({ type: z.literal('trace'), t, channel: z.enum(TRACE_CHANNELS), what: z.string() }),
])
export type Message = z.infer<typeof messageSchema>

const COMMON: readonly EventType[] = ['error']
const DEVICE_EVENTS: readonly EventType[] = [
  ...COMMON,
  'localCommit',
  'ackApplied',
  'cursorSaved',
  'saved',
  'refused',
  'settled',
  'request',
  'response',
  'view',
]
const SERVER_EVENTS: readonly EventType[] = [
  ...COMMON,
  'serverCommit',
  'serverOutcome',
  'serverState',
  'serverReceived',
  'serverResponded',
]

/** A line that is not a message. `message` explains why. */
export interface InvalidLine {
  readonly type: 'invalid'
  readonly message: string
}

/** Parses a line of a process. */
export function readMessage(line: string): Message | InvalidLine {
  let data: unknown
  try {
    data = JSON.parse(line)
  } catch {
    return invalid('expected one JSON message a line on stdout', line)
  }
  const parsed = messageSchema.safeParse(data)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  return invalid(
    `not a message of the protocol (${issue?.path.join('.') ?? ''} ${issue?.message ?? ''})`,
    line,
  )
}

/**
 * Validates an event that a process reported. Returns an `error` event instead if it is invalid, or
 * an event that only the harness or the other side may report.
 */
export function readEvent(event: unknown, kind: 'device' | 'server'): EventBody {
  const parsed = eventSchema.safeParse({ ...(event as object), seq: 0, t: 0, node: kind })
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return {
      type: 'error',
      message: invalid(
        `no event (${issue?.path.join('.') ?? ''} ${issue?.message ?? ''})`,
        JSON.stringify(event),
      ).message,
    }
  }
  const { seq: _seq, t: _t, node: _node, ...body } = parsed.data
  const allowed = kind === 'device' ? DEVICE_EVENTS : SERVER_EVENTS
  if (allowed.includes(body.type)) return body as EventBody
  return { type: 'error', message: `a ${kind} does not report '${body.type}' events` }
}

function invalid(what: string, line: string): InvalidLine {
  const shown = line.length > 120 ? `${line.slice(0, 120)}…` : line
  return { type: 'invalid', message: `${what}; got ${JSON.stringify(shown)}` }
}
