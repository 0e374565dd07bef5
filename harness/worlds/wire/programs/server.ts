import type { HostEvent, ServerEvent } from '../../../core/event.ts'
import { observeDump } from '../../../core/observe.ts'
import type { HttpRequest, HttpResponse } from '../../../core/ports/http.ts'
import { messageOf } from '../../../core/problem.ts'
import { seededRandom } from '../../../core/random.ts'
import { REQUEST_HEADER, type Server, type ServerDefinition } from '../../../core/server.ts'
import type { ServerCommand } from '../device-protocol/protocol.ts'
import { WireClock } from '../ports/clock.ts'
import { sqliteDatabase } from '../ports/database.ts'
import { watchLateness } from '../process/lateness.ts'
import type { Transport } from '../transport.ts'
import { guard, hear, say } from './stdio.ts'
import { warmUp } from './warm-up.ts'

/** The process that hosts a server: its handler behind HTTP on a loopback port. */
type Start = Extract<ServerCommand, { type: 'start' }>

guard()
const [serverModule, transportModule] = process.argv.slice(2) as [string, string]
const [{ default: definition }, { serve }] = (await Promise.all([
  import(serverModule),
  import(transportModule),
])) as [{ default: ServerDefinition }, Transport]
await warmUp(serve)
let running: ReturnType<typeof boot> | undefined
hear<ServerCommand>((command) => {
  if (command.type === 'start') running = boot(command)
  else if (running) running.obey(command)
})
say({ type: 'ready' })

function boot(start: Start) {
  const clock = new WireClock(
    start.timeScale,
    start.origin === undefined ? undefined : BigInt(start.origin),
  )
  const record = (event: ServerEvent | HostEvent) => say({ type: 'event', t: clock.exact(), event })
  let crashPoint: 'before-commit' | 'after-commit' | null = null
  const server: Server = definition.create(
    {
      clock,
      random: seededRandom(start.seed).fork(`server.${start.incarnation}`),
      database: sqliteDatabase(`${start.folder}/server.db`),
      recorder: { emit: record },
      checkpoint: (point) => {
        if (point !== crashPoint) return
        say({ type: 'dying', t: clock.exact() })
        process.kill(process.pid, 'SIGKILL')
        // The signal may take a moment; nothing more may happen in it.
        for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
      },
    },
    { policy: start.policy, recordedThrough: start.recordedThrough },
  )
  watchLateness((ms) => say({ type: 'late', ms }))
  void listen(recorded(server, record), start.port).then(
    () => say({ type: 'reply', id: start.id }),
    (error) => say({ type: 'reply', id: start.id, problem: messageOf(error) }),
  )
  return {
    obey: (command: Exclude<ServerCommand, { type: 'start' }>): void => {
      switch (command.type) {
        case 'clock':
          clock.begin(BigInt(command.origin))
          break
        case 'crashAt':
          crashPoint = command.point
          break
        case 'dump':
          record(observeDump(server.dump()))
          say({ type: 'reply', id: command.id })
          break
        case 'sync':
          say({ type: 'reply', id: command.id })
          break
        case 'stop':
          say({ type: 'reply', id: command.id })
          process.exit(0)
      }
    },
  }
}

/** Handles requests, and records which came and how each was answered. */
function recorded(server: Server, record: (event: HostEvent) => void) {
  return async (request: HttpRequest): Promise<HttpResponse> => {
    const req = request.headers?.[REQUEST_HEADER]
    if (req !== undefined) record({ type: 'serverReceived', req })
    const response = await server.handle(request).catch((error: unknown): HttpResponse => {
      record({ type: 'error', message: `${request.method} ${request.path}: ${messageOf(error)}` })
      return {
        status: 500,
        headers: { 'content-type': 'application/json' },
        body: '{"error":"internal"}',
      }
    })
    if (req !== undefined) record({ type: 'serverResponded', req, status: response.status })
    return response
  }
}

/** The port is this server's for the whole scenario; if somebody holds it for a moment, wait for it. */
async function listen(
  handle: (request: HttpRequest) => Promise<HttpResponse>,
  port: number,
): Promise<void> {
  const patience = performance.now() + 2000
  for (;;) {
    try {
      await serve(handle, { host: '127.0.0.1', port })
      return
    } catch (error) {
      const { code, cause } = error as NodeJS.ErrnoException
      const taken = (code ?? (cause as NodeJS.ErrnoException | undefined)?.code) === 'EADDRINUSE'
      if (!taken || performance.now() > patience) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
