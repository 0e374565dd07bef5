/**
 * A thread of the sim: plays the scenarios that the main thread asks for, one after another, and
 * judges them. It passes on each event at once, so that the main thread has the history even if
 * the code under test never returns.
 *
 * @module
 */
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { parentPort, workerData } from 'node:worker_threads'
import type { ClientDefinition } from '../../core/client.ts'
import { messageOf } from '../../core/problem.ts'
import type { ServerDefinition } from '../../core/server.ts'
import type { Trace, TraceChannel } from '../../core/trace.ts'
import { runScenario } from '../../run/run.ts'
import { simWorld } from '../../worlds/sim/index.ts'
import { catalog } from '../catalog/catalog.ts'
import { registerTypeScript } from '../catalog/register-typescript.ts'
import { Heartbeat } from './heartbeat.ts'
import type { PlayMessage, ThreadMessage } from './messages.ts'

const BEAT_MS = 100

// Code under test may replace the globals, and the world watches them.
const { setImmediate, setInterval } = globalThis
const heartbeat = new Heartbeat(workerData as SharedArrayBuffer)
const send = (message: ThreadMessage) => parentPort?.postMessage(message)
setInterval(() => heartbeat.beat(), BEAT_MS)

const invariants = await catalog.invariants()
const effects = await catalog.effects()
const world = simWorld({
  toxics: await catalog.toxics(),
  onUncaught: (handler) => {
    const onRejection = (error: unknown) => handler(error, 'unhandledRejection')
    const onException = (error: unknown) => handler(error, 'uncaughtException')
    process.on('unhandledRejection', onRejection)
    process.on('uncaughtException', onException)
    return () => {
      process.off('unhandledRejection', onRejection)
      process.off('uncaughtException', onException)
    }
  },
  watchGlobals: true,
  onEvent: (event) => send({ type: 'event', json: JSON.stringify(event) }),
  onEnter: (doing) => {
    heartbeat.enter(doing)
    leaveSoon()
  },
})

let leaving = false
/** Records that code under test has returned when the event loop turns. */
function leaveSoon(): void {
  if (leaving) return
  leaving = true
  setImmediate(() => {
    leaving = false
    heartbeat.leave()
  })
}

parentPort?.on('message', (message: PlayMessage) => {
  play(message).then(
    (result) => send({ type: 'judged', result }),
    (cause) => send({ type: 'failed', reason: messageOf(cause) }),
  )
})

async function play({ client, server, trace, ...request }: PlayMessage) {
  const { result } = await runScenario({
    ...request,
    world,
    client: { ...(await load<ClientDefinition>(client.module)), ...client },
    server: { ...(await load<ServerDefinition>(server.module)), ...server },
    invariants,
    effects,
    now: () => performance.now(),
    onPhase: (phase) => send({ type: 'phase', phase }),
    newLog: () => (line) => send({ type: 'log', line }),
    ...(trace.length > 0 && { trace: traceOf(trace) }),
  })
  return result
}

async function load<Definition>(module: string): Promise<Definition> {
  await registerTypeScript(module)
  const { default: definition } = (await import(module)) as { default: Definition }
  return definition
}

function traceOf(channels: readonly TraceChannel[]): Trace {
  const on = new Set(channels)
  return {
    has: (channel) => on.has(channel),
    line: (channel, t, node, what) => {
      if (on.has(channel)) send({ type: 'trace', channel, t, node, what })
    },
  }
}
