/**
 * The process that hosts a TypeScript client: translates the device protocol into calls of a
 * {@link ClientHost} on the ports of this machine.
 *
 * @module
 */
import type { ClientDefinition } from '../../../core/client.ts'
import type { ClientEvent, HostEvent } from '../../../core/event.ts'
import { worksInOrder } from '../../../core/ports/works-in-order.ts'
import { messageOf } from '../../../core/problem.ts'
import { seededRandom } from '../../../core/random.ts'
import { ClientHost } from '../../host/client-host.ts'
import { RequestLog } from '../../host/request-log.ts'
import type { DeviceCommand } from '../device-protocol/protocol.ts'
import { WireClock } from '../ports/clock.ts'
import { sqliteDatabase } from '../ports/database.ts'
import { wireHttp } from '../ports/http.ts'
import { wireConnect } from '../ports/stream.ts'
import { watchLateness } from '../process/lateness.ts'
import { serveEcho } from './echo.ts'
import { loadDefinition } from './load-definition.ts'
import { exitWithError, guard, onCommand, processTrace, send, watch } from './stdio.ts'
import { warmUp } from './warm-up.ts'

type StartCommand = Extract<DeviceCommand, { type: 'start' }>
type LaterCommand = Exclude<DeviceCommand, { type: 'start' }>

const [clientModule, source = clientModule] = process.argv.slice(2) as [string, string?]
guard(source)
const definition = await loadDefinition<ClientDefinition>(clientModule, source)
await warmUp(serveEcho)
let obey: ((command: LaterCommand) => void) | undefined
onCommand<DeviceCommand>((command) => {
  if (command.type === 'start') obey = boot(command)
  else obey?.(command)
})
send({ type: 'ready' })

/** Creates the client and starts it at scenario time 0. Returns the function for later commands. */
function boot(start: StartCommand): (command: LaterCommand) => void {
  const clock = new WireClock(start.timeScale, BigInt(start.origin))
  clock.skew(start.skew)
  const emit = (event: ClientEvent | HostEvent) => send({ type: 'event', t: clock.exact(), event })
  const name = `${start.device}.${start.incarnation}`
  let count = 0
  const requests = new RequestLog({ nextId: () => `${name}.${++count}`, emit })
  const signals = { online: start.online, metered: start.metered, dozing: start.dozing }
  const host = new ClientHost({
    definition,
    identity: { device: start.device, user: start.user },
    clock,
    random: seededRandom(start.seed).fork(name),
    database: sqliteDatabase(`${start.folder}/client.db`),
    http: wireHttp({ server: start.server, clock, requests }),
    connect: wireConnect(start.server),
    requests,
    standstill: worksInOrder(),
    signals,
    emit,
    onCrash: exitWithError,
    trace: processTrace(start.trace, clock),
  })
  watch(host.code)
  host.create()

  const carryOut = (command: LaterCommand): void => {
    switch (command.type) {
      case 'perform':
        host.perform(command.action)
        break
      case 'view':
        void host.view().then(() => send({ type: 'reply', id: command.id }))
        break
      case 'set': {
        const { type: _type, skew, ...change } = command
        if (skew !== undefined) clock.skew(skew)
        host.signal(Object.assign(signals, change))
        break
      }
      case 'sync':
        send({ type: 'reply', id: command.id })
        break
      case 'stop':
        void host
          .stop()
          .catch((error) => console.error(messageOf(error)))
          .then(() => {
            send({ type: 'reply', id: command.id })
            process.exit(0)
          })
    }
  }

  /** Commands that arrive before scenario time 0. */
  let waiting: LaterCommand[] | undefined = []
  clock.after(0, () => {
    watchLateness((ms) => send({ type: 'late', ms }))
    host.start()
    void host.started.then(() => send({ type: 'reply', id: start.id }))
    const early = waiting ?? []
    waiting = undefined
    for (const command of early) carryOut(command)
  })
  return (command) => {
    if (waiting) waiting.push(command)
    else carryOut(command)
  }
}
