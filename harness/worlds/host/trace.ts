/**
 * Writes the lines of a trace (core/trace.ts), in the same words in both worlds.
 *
 * @module
 */
import type { EventBody } from '../../core/event.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Database, OpenDatabase, Row, Table, Tables } from '../../core/ports/database.ts'
import { messageOf } from '../../core/problem.ts'
import { type Trace, type TraceChannel, traceSpan } from '../../core/trace.ts'
import type { StagedLink } from '../../core/world.ts'

/** A trace that adds the node's name and the time to each line. */
export interface NodeTrace {
  has(channel: TraceChannel): boolean
  line(channel: TraceChannel, what: string): void
}

type WriteLine = (what: string) => void

/** Returns the trace of one node, or undefined if nothing is traced. */
export function nodeTrace(
  trace: Trace | undefined,
  node: string,
  now: () => number,
): NodeTrace | undefined {
  return (
    trace && {
      has: (channel) => trace.has(channel),
      line: (channel, what) => trace.line(channel, now(), node, what),
    }
  )
}

/**
 * Returns ports that also trace calls of the clock and the database, on the channels that are on.
 * Calls by a dead incarnation are void and not traced.
 */
export function tracedPorts<
  Ports extends { readonly clock: Clock; readonly database: OpenDatabase },
>(ports: Ports, trace: NodeTrace | undefined, isAlive: () => boolean): Ports {
  if (!trace) return ports
  const writer = (channel: TraceChannel) => (what: string) => {
    if (isAlive()) trace.line(channel, what)
  }
  return {
    ...ports,
    ...(trace.has('timers') && { clock: tracedClock(ports.clock, writer('timers')) }),
    ...(trace.has('db') && { database: tracedDatabase(ports.database, writer('db')) }),
  }
}

function tracedClock(clock: Clock, line: WriteLine): Clock {
  let timers = 0
  return {
    now: () => clock.now(),
    wall: () => clock.wall(),
    after: (ms, task) => {
      const name = `timer ${++timers}`
      line(`${name} set for ${traceSpan(ms)}`)
      let pending = true
      const timer = clock.after(ms, () => {
        pending = false
        line(`${name} fires`)
        task()
      })
      return {
        cancel: () => {
          if (pending) line(`${name} cancelled`)
          pending = false
          timer.cancel()
        },
      }
    },
  }
}

function tracedDatabase(open: OpenDatabase, line: WriteLine): OpenDatabase {
  return (schema) => {
    const database = open(schema)
    return {
      read: (work) => database.read(work),
      transaction: (work) => tracedTransaction(database, work, line),
    }
  }
}

function tracedTransaction<Result>(
  database: Database,
  work: (tables: Tables) => Result,
  line: WriteLine,
): Result {
  const writes: string[] = []
  try {
    const result = database.transaction((tables) => work(tracedTables(tables, writes)))
    line(`committed: ${writes.join(', ') || 'nothing'}`)
    return result
  } catch (error) {
    line(`rolled back: ${messageOf(error)}`)
    throw error
  }
}

/** Returns tables that append a text to `writes` for each write. */
function tracedTables(tables: Tables, writes: string[]): Tables {
  return {
    table: <R extends Row>(name: string): Table<R> => {
      const table = tables.table<R>(name)
      return {
        get: (key) => table.get(key),
        all: (range) => table.all(range),
        by: (index, range) => table.by(index, range),
        count: () => table.count(),
        put: (record) => {
          table.put(record)
          writes.push(`put into ${name}`)
        },
        delete: (key) => {
          const deleted = table.delete(key)
          if (deleted) writes.push(`delete from ${name}`)
          return deleted
        },
      }
    },
  }
}

/** Returns the line of the http channel for an event, or undefined for other events. */
export function httpLine(event: EventBody): string | undefined {
  switch (event.type) {
    case 'request':
      return `${event.requestId} sent: ${event.method} ${event.path}, ${event.bytes} bytes`
    case 'serverReceived':
      return `${event.requestId} received`
    case 'serverResponded':
      return `${event.requestId} answered: ${event.status}`
    case 'response':
      return event.outcome === 'response'
        ? `${event.requestId} ended: ${event.status}, ${event.bytes} bytes`
        : `${event.requestId} ended: ${event.outcome}`
    case 'intercepted':
      return `${event.requestId} intercepted: ${interceptionText(event)}`
    default:
      return undefined
  }
}

function interceptionText(event: Extract<EventBody, { type: 'intercepted' }>): string {
  const { act, moment, status, body, ms = 0, victim } = event
  const message = moment === 'before' ? 'the request' : 'the response'
  switch (act) {
    case 'respond':
      return (
        `${moment === 'before' ? 'answered' : 'the response replaced'} ` +
        `by a fault: ${status ?? 'the same status'}, body ${body ?? 'unknown'}`
      )
    case 'lose-response':
      return 'the response lost'
    case 'delay':
      return `${message} delayed by ${traceSpan(ms)}`
    case 'reset':
      return `connection broken in place of ${message}`
    case 'kill':
      return `${victim} killed ${moment} the server has acted`
  }
}

/** Returns a link that traces each change by the scenario, after it is in effect. */
export function tracedLink(link: StagedLink, line: WriteLine): StagedLink {
  return {
    addToxic: async (name, toxic) => {
      await link.addToxic(name, toxic)
      const attributes = Object.entries(toxic.attributes).map(([key, value]) => `${key} ${value}`)
      const details = [...attributes, `toxicity ${toxic.toxicity}`].join(', ')
      line(`toxic ${name} added: ${toxic.type} ${toxic.stream}, ${details}`)
    },
    removeToxic: async (name) => {
      await link.removeToxic(name)
      line(`toxic ${name} removed`)
    },
    breakConnections: async () => {
      await link.breakConnections()
      line('connections broken')
    },
    enable: async (enabled) => {
      await link.enable(enabled)
      line(enabled ? 'enabled' : 'disabled: connections broken and refused')
    },
  }
}
