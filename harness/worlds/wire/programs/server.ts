/**
 * The process that hosts a server: puts a {@link ServerHost} behind HTTP, or behind plain
 * connections if it reads bytes by itself, on a loopback port.
 *
 * @module
 */
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { HostEvent, ServerEvent } from '../../../core/event.ts'
import { Holdings } from '../../../core/holdings.ts'
import type { HttpRequest, HttpResponse } from '../../../core/ports/http.ts'
import type { ByteStream } from '../../../core/ports/stream.ts'
import { worksInOrder } from '../../../core/ports/works-in-order.ts'
import { messageOf } from '../../../core/problem.ts'
import { seededRandom } from '../../../core/random.ts'
import type { ServerDefinition } from '../../../core/server.ts'
import { ServerHost } from '../../host/server-host.ts'
import type { ServerCommand } from '../device-protocol/protocol.ts'
import { WireClock } from '../ports/clock.ts'
import { sqliteDatabase } from '../ports/database.ts'
import { socketStream } from '../ports/stream.ts'
import { watchLateness } from '../process/lateness.ts'
import { PORT_RETRY_MS, PORT_TIMEOUT_MS } from '../timeouts.ts'
import type { Transport } from '../transport.ts'
import { loadDefinition } from './load-definition.ts'
import { exitWithError, guard, onCommand, processTrace, send, watch } from './stdio.ts'
import { warmUp } from './warm-up.ts'

const HOST = '127.0.0.1'

type StartCommand = Extract<ServerCommand, { type: 'start' }>
type LaterCommand = Exclude<ServerCommand, { type: 'start' }>

const [serverModule, transportModule, source = serverModule] = process.argv.slice(2) as [
  string,
  string,
  string?,
]
guard(source)
const [definition, { serve }] = await Promise.all([
  loadDefinition<ServerDefinition>(serverModule, source),
  import(transportModule) as Promise<Transport>,
])
await warmUp(serve)
let obey: ((command: LaterCommand) => void) | undefined
onCommand<ServerCommand>((command) => {
  if (command.type === 'start') obey = boot(command)
  else obey?.(command)
})
send({ type: 'ready' })

/** Creates the server and listens. Returns the function for later commands. */
function boot(start: StartCommand): (command: LaterCommand) => void {
  const files = join(start.folder, 'files')
  mkdirSync(files, { recursive: true })
  const origin = start.origin === undefined ? undefined : BigInt(start.origin)
  const clock = new WireClock(start.timeScale, origin)
  const host = new ServerHost({
    definition,
    setup: { policy: start.policy, recordedThrough: start.recordedThrough },
    incarnation: start.incarnation,
    holdings: new Holdings(start.held),
    clock,
    random: seededRandom(start.seed).fork(`server.${start.incarnation}`),
    database: sqliteDatabase(`${start.folder}/server.db`),
    folder: files,
    standstill: worksInOrder(),
    emit: (event: ServerEvent | HostEvent) => send({ type: 'event', t: clock.exact(), event }),
    state: start.state,
    die: (window) => die(clock, window),
    onCrash: exitWithError,
    trace: processTrace(start.trace, clock),
    onHandleError: ({ method, path }, error) => ({
      message: `${method} ${path}: ${messageOf(error)}`,
      response: {
        status: 500,
        headers: { 'content-type': 'application/json' },
        body: '{"error":"internal"}',
      },
    }),
  })
  watch(host.code)
  host.create()
  watchLateness((ms) => send({ type: 'late', ms }))
  void listen(host, start.port).then(
    () => send({ type: 'reply', id: start.id }),
    (error) => send({ type: 'reply', id: start.id, problem: messageOf(error) }),
  )
  return (command) => {
    switch (command.type) {
      case 'clock':
        clock.begin(BigInt(command.origin))
        break
      case 'set':
        host.set(command.state)
        break
      case 'dump':
        host.dump(() => send({ type: 'reply', id: command.id }))
        break
      case 'sync':
        send({ type: 'reply', id: command.id })
        break
      case 'stop':
        send({ type: 'reply', id: command.id })
        process.exit(0)
    }
  }
}

/** Reports the death and kills this process. Never returns. */
function die(clock: WireClock, window: string): never {
  send({ type: 'dying', t: clock.exact(), window })
  process.kill(process.pid, 'SIGKILL')
  // The signal may arrive a moment later. Until then, nothing more may happen.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
}

/** Listens on `port`, which is reserved for this server: retries while it is in use. */
async function listen(host: ServerHost, port: number): Promise<void> {
  const handle = (request: HttpRequest) =>
    new Promise<HttpResponse>((resolve) => {
      host.receive(request)
      host.handle(request, resolve)
    })
  const deadline = performance.now() + PORT_TIMEOUT_MS
  for (;;) {
    try {
      if (host.servesStreams) await serveStreams((stream) => host.accept(stream), port)
      else await serve(handle, { host: HOST, port })
      return
    } catch (error) {
      const { code, cause } = error as NodeJS.ErrnoException
      const inUse = (code ?? (cause as NodeJS.ErrnoException | undefined)?.code) === 'EADDRINUSE'
      if (!inUse || performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, PORT_RETRY_MS))
    }
  }
}

/** Listens for connections of bytes. Rejects with Node's error. */
async function serveStreams(accept: (stream: ByteStream) => void, port: number): Promise<void> {
  const server = createServer((socket) => accept(socketStream(socket)))
  server.listen({ host: HOST, port })
  await once(server, 'listening')
}
