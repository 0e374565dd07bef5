import { z } from 'zod'
import { actionSchema } from '../../../core/action.ts'
import type { View } from '../../../core/client.ts'
import { type EventBody, type EventType, eventSchema } from '../../../core/event.ts'

/**
 * The device protocol: how the harness speaks with a process under test, one JSON object a line. Commands come on its stdin, messages go to its
 * stdout; stderr is its own, and its tail explains a crash. A client in any language that speaks it can be tested (ClientDefinition.command).
 *
 * A program says `ready` when it can take commands. `start` comes once. It ends when stdin closes: the harness is gone then.
 * Killing is SIGKILL: whatever is not on disk in `folder` is lost, and the next process finds what is.
 *
 * Instants `t` are scenario milliseconds: (CLOCK_MONOTONIC in ns − origin) / 1e6 × timeScale, never below 0. A span of s scenario milliseconds
 * takes s / timeScale real ones. The wall clock shows epochWall + t + skew.
 */
const id = z.number().int()
/** Nanoseconds of the machine's CLOCK_MONOTONIC at scenario time 0, as a decimal text. It may lie a moment ahead: nothing happens before it. */
const origin = z.string().regex(/^\d+$/)

export const deviceCommandSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    id,
    device: z.string(),
    user: z.string(),
    /** Base URL of the server, over this device's own link: 'http://127.0.0.1:4711'. */
    server: z.string(),
    /** Where its files go. They outlive it. */
    folder: z.string(),
    origin,
    timeScale: z.number().positive(),
    epochWall: z.number(),
    /** All its chance comes from this and the incarnation. */
    seed: z.number().int(),
    /** From 1. */
    incarnation: z.number().int().positive(),
    online: z.boolean(),
    metered: z.boolean(),
    dozing: z.boolean(),
    skew: z.number(),
  }),
  /** A person's action. Not replied to: saved, refused and settled tell. */
  z.object({ type: z.literal('perform'), action: actionSchema }),
  /** Record what the screen shows, then reply. */
  z.object({ type: z.literal('view'), id }),
  /** The operating system's signals, and how many scenario milliseconds the wall clock is off. */
  z.object({
    type: z.literal('set'),
    online: z.boolean().optional(),
    metered: z.boolean().optional(),
    dozing: z.boolean().optional(),
    skew: z.number().optional(),
  }),
  /** Reply once everything said so far is on its way. */
  z.object({ type: z.literal('sync'), id }),
  /** Let go of timers and files in good order, reply, and end. */
  z.object({ type: z.literal('stop'), id }),
])
export type DeviceCommand = z.infer<typeof deviceCommandSchema>

/** What the harness says to a server's process. */
export const serverCommandSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    id,
    /** Where to listen, on 127.0.0.1. The same for each incarnation. */
    port: z.number().int(),
    folder: z.string(),
    policy: z.string(),
    recordedThrough: z.number().int(),
    /** Absent on the first start: time stands at 0 until `clock`. */
    origin: origin.optional(),
    timeScale: z.number().positive(),
    seed: z.number().int(),
    incarnation: z.number().int().positive(),
  }),
  z.object({ type: z.literal('clock'), origin }),
  z.object({
    type: z.literal('crashAt'),
    point: z.enum(['before-commit', 'after-commit']).nullable(),
  }),
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

/** Left out, an instant is the one at which the line arrives. */
const t = z.number().optional()

export const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** An event of core/event.ts: {@link DEVICE_EVENTS} for a device, {@link SERVER_EVENTS} for a server. */
  z.object({ type: z.literal('event'), t, event: z.looseObject({ type: z.string() }) }),
  /** The screen with its contents, for programs that leave hashing to the harness. */
  z.object({ type: z.literal('view'), t, view: viewSchema }),
  z.object({ type: z.literal('reply'), id, problem: z.string().optional() }),
  /** A timer was late by this many real milliseconds, more than ever before. */
  z.object({ type: z.literal('late'), ms: z.number() }),
  /** A server that dies the next moment, as it was told to. */
  z.object({ type: z.literal('dying'), t }),
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

/** A line that is no message. `message` says what is wrong with it. */
export interface Garbage {
  readonly type: 'garbage'
  readonly message: string
}

/** A line of a process, understood; or what is wrong with it, in one line. */
export function readMessage(line: string): Message | Garbage {
  let data: unknown
  try {
    data = JSON.parse(line)
  } catch {
    return garbage('expected one JSON message a line on stdout', line)
  }
  const parsed = messageSchema.safeParse(data)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  return garbage(
    `not a message of the protocol (${issue?.path.join('.') ?? ''} ${issue?.message ?? ''})`,
    line,
  )
}

/** The event a process reported, checked; or what is wrong with it. A process cannot speak for the harness or for the other side. */
export function readEvent(event: unknown, kind: 'device' | 'server'): EventBody {
  const parsed = eventSchema.safeParse({ seq: 0, ...(event as object), t: 0, node: kind })
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return {
      type: 'error',
      message: garbage(
        `no event (${issue?.path.join('.') ?? ''} ${issue?.message ?? ''})`,
        JSON.stringify(event),
      ).message,
    }
  }
  // `seq` stays: a commit has one of its own, and every other one is put right with the envelope.
  const { t: _t, node: _node, ...body } = parsed.data
  const allowed = kind === 'device' ? DEVICE_EVENTS : SERVER_EVENTS
  if (allowed.includes(body.type)) return body as EventBody
  return { type: 'error', message: `a ${kind} does not report '${body.type}' events` }
}

function garbage(what: string, line: string): Garbage {
  const shown = line.length > 120 ? `${line.slice(0, 120)}…` : line
  return { type: 'garbage', message: `${what}; got ${JSON.stringify(shown)}` }
}
