/**
 * The device protocol: how the harness and a process under test communicate. Every line is one JSON
 * object. A client in any language that speaks it can be tested (ClientDefinition.command).
 *
 * - **stdin** carries commands ({@link deviceCommandSchema}), **stdout** messages
 *   ({@link messageSchema}). **stderr** is free: it goes to the log, and is quoted after a crash.
 * - The process sends `ready` once it can receive commands. `start` is sent once, and first, unless
 *   the client asks to be installed before (ClientDefinition.installMaxMs).
 * - The process exits when stdin closes: the harness has exited.
 * - A kill is SIGKILL. The files in `folder` survive it; the next process gets the same folder.
 * - `server` is the address of a relay of ours, which speaks HTTP/1.1. It records each request and
 *   its outcome, so the process need not report `request` and `response`. If it does, only `about`
 *   and `deadline` are used, and only if the request has the report's `requestId` in its header
 *   `tunnelproof-request`. While the device has no connection, the relay accepts and then breaks.
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
import { checkReport, type Flaw, flawAt } from '../../../core/flaw.ts'
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

/** The facts that a device's process gets at its start. */
const deviceFields = {
  id,
  device: z.string(),
  user: z.string(),
  /**
   * Base URL of the server, over this device's own relay and link: 'http://127.0.0.1:4711'. All
   * requests must go there.
   */
  server: z.string(),
  /** The folder for its files, which outlive it. */
  folder: z.string(),
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
}

/** Commands to a device's process. `id` is repeated in the reply. */
export const deviceCommandSchema = z.discriminatedUnion('type', [
  /**
   * Install the app, and reply when it is ready: sent before the first `start`, and before scenario
   * time, to a client with an `installMaxMs`.
   */
  z.object({ type: z.literal('install'), ...deviceFields }),
  z.object({ type: z.literal('start'), ...deviceFields, origin }),
  /** Perform a person's action. No reply: the events saved, refused and settled report it. */
  z.object({ type: z.literal('perform'), action: actionSchema }),
  /** Send a `view`, unless there is nothing to show yet; then reply. */
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

/** The holdings that earlier incarnations left: the HeldState of core/holdings.ts. */
const held = z.object({
  epoch: z.string().optional(),
  position: z.number().int(),
  rows: z.array(
    z.object({
      collection: z.string(),
      record: z.string(),
      version: z.number().int(),
      deleted: z.boolean(),
      absent: z.boolean().optional(),
      hash: z.string().optional(),
      opIds: z.array(z.string()),
    }),
  ),
})

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
    /** Only for a server that does not report its writes, and not on the first start. */
    held: held.optional(),
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

/** Default: the instant at which the line arrives. */
const t = z.number().optional()

/** Messages from a process to the harness. */
export const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** An event of core/event.ts that such a process may report: see worlds/host/intake.ts. */
  z.object({ type: z.literal('event'), t, event: z.looseObject({ type: z.string() }) }),
  /**
   * Contents of the screen: the View of core/client.ts; absent while the app shows nothing yet. The
   * history keeps a hash and the beginning of each text.
   */
  z.object({ type: z.literal('view'), t, view: z.unknown().optional() }),
  z.object({ type: z.literal('reply'), id, problem: z.string().optional() }),
  /** A picture of the screen, a PNG in base64. It is kept with the logs, and judged by nobody. */
  z.object({ type: z.literal('picture'), png: z.base64() }),
  /** A timer fired this many real milliseconds late, which is a new maximum. */
  z.object({ type: z.literal('late'), ms: z.number() }),
  /**
   * The process is about to end: of an exception, with its message and the place that threw it, or
   * the server in a crash window set by `set`.
   */
  z.object({
    type: z.literal('dying'),
    t,
    message: z.string().optional(),
    /** 'my-client.ts:12:7' */
    frame: z.string().optional(),
    window: z.string().optional(),
  }),
  /** A line for debugging, on a channel that `start` has switched on. */
  z.object({ type: z.literal('trace'), t, channel: z.enum(TRACE_CHANNELS), what: z.string() }),
])
export type Message = z.infer<typeof messageSchema>

/** A line that is not a message: what was received, and what was expected. */
export interface InvalidLine extends Flaw {
  readonly type: 'invalid'
}

/** Parses a line of a process. Its events and views are checked when they are recorded. */
export function readMessage(line: string): Message | InvalidLine {
  const data = jsonOf(line)
  if (data === undefined)
    return { type: 'invalid', ...flawAt([], line, 'one message of the protocol, as JSON') }
  const parsed = checkReport(messageSchema, data)
  return 'value' in parsed ? parsed.value : { type: 'invalid', ...parsed.flaw }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
