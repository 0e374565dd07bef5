import type { Client, ClientDefinition } from '../../../core/client.ts'
import type { ClientEvent, HostEvent } from '../../../core/event.ts'
import { SettableSignal } from '../../../core/ports/signal.ts'
import { messageOf } from '../../../core/problem.ts'
import { seededRandom } from '../../../core/random.ts'
import type { DeviceCommand } from '../device-protocol/protocol.ts'
import { WireClock } from '../ports/clock.ts'
import { sqliteDatabase } from '../ports/database.ts'
import { wireHttp } from '../ports/http.ts'
import { watchLateness } from '../process/lateness.ts'
import { serveEcho } from './echo.ts'
import { perform } from './perform.ts'
import { Screen } from './screen.ts'
import { guard, hear, say } from './stdio.ts'
import { warmUp } from './warm-up.ts'

/** The process that hosts a TypeScript client: the device protocol bridged onto the ports. */
type Start = Extract<DeviceCommand, { type: 'start' }>

guard()
const { default: definition } = (await import(process.argv[2] as string)) as {
  default: ClientDefinition
}
await warmUp(serveEcho)
let device: ReturnType<typeof boot> | undefined
hear<DeviceCommand>((command) => {
  if (command.type === 'start') device = boot(command)
  else if (device) device.obey(command)
})
say({ type: 'ready' })

function boot(start: Start) {
  const clock = new WireClock(start.timeScale, BigInt(start.origin))
  clock.skew(start.skew)
  const connectivity = new SettableSignal({ online: start.online, metered: start.metered })
  const power = new SettableSignal({ charging: false, dozing: start.dozing })
  const record = (event: ClientEvent | HostEvent) => say({ type: 'event', t: clock.exact(), event })
  const name = `${start.device}.${start.incarnation}`
  const client: Client = definition.create(
    {
      clock,
      random: seededRandom(start.seed).fork(name),
      http: wireHttp({ server: start.server, clock, name, record }),
      database: sqliteDatabase(`${start.folder}/client.db`),
      connectivity,
      power,
      recorder: { emit: record, screen: () => screen.changed() },
    },
    { device: start.device, user: start.user },
  )
  const screen = new Screen(client, record)

  /** Commands that came before the beginning. */
  let waiting: (() => void)[] | undefined = []
  // Nothing happens before scenario time 0.
  clock.after(0, () => {
    watchLateness((ms) => say({ type: 'late', ms }))
    const started = Promise.resolve(client.start())
    screen.changed()
    void started.then(() => {
      screen.changed()
      say({ type: 'reply', id: start.id })
    })
    const before = waiting ?? []
    waiting = undefined
    for (const command of before) command()
  })

  const carryOut = (command: Exclude<DeviceCommand, { type: 'start' }>): void => {
    switch (command.type) {
      case 'perform':
        perform(client, command.action, record)
        break
      case 'view':
        void screen.show().then(() => say({ type: 'reply', id: command.id }))
        break
      case 'set':
        if (command.skew !== undefined) clock.skew(command.skew)
        if (command.online !== undefined) connectivity.set({ online: command.online })
        if (command.metered !== undefined) connectivity.set({ metered: command.metered })
        if (command.dozing !== undefined) power.set({ dozing: command.dozing })
        break
      case 'sync':
        say({ type: 'reply', id: command.id })
        break
      case 'stop':
        void Promise.resolve(client.stop())
          .catch((error) => console.error(messageOf(error)))
          .then(() => {
            say({ type: 'reply', id: command.id })
            process.exit(0)
          })
    }
  }
  return {
    obey: (command: Exclude<DeviceCommand, { type: 'start' }>): void => {
      if (waiting) waiting.push(() => carryOut(command))
      else carryOut(command)
    },
  }
}
