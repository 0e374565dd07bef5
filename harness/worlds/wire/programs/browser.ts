/**
 * The process of a device that is a browser: translates the device protocol into calls of a
 * {@link BrowserHost}. On its first start it installs the app, before scenario time begins.
 *
 * @module
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import type { EventBody } from '../../../core/event.ts'
import { messageOf } from '../../../core/problem.ts'
import type { BrowserApp } from '../../../guest/browser.ts'
import { BrowserHost } from '../browser/browser-host.ts'
import { BrowserPage } from '../browser/browser-page.ts'
import { findChromium, loadPlaywright } from '../browser/find.ts'
import type { DeviceCommand } from '../device-protocol/protocol.ts'
import { WireClock } from '../ports/clock.ts'
import { watchLateness } from '../process/lateness.ts'
import { loadDefinition } from './load-definition.ts'
import { guard, onCommand, send } from './stdio.ts'

type FirstCommand = Extract<DeviceCommand, { type: 'install' | 'start' }>

/** In scenario milliseconds: between two readings of the screen. */
const LOOK_EVERY_MS = 1000
/** In real milliseconds: a reading costs some milliseconds of processor time. */
const LOOK_EVERY_AT_LEAST_MS = 50
const [module] = process.argv.slice(2) as [string]
guard(module)
const app = await loadDefinition<BrowserApp>(module, module)
const playwright = await loadPlaywright(module)
const executable = findChromium(playwright, process.env)
let obey: ((command: DeviceCommand) => void) | undefined
onCommand<DeviceCommand>((command) => {
  if (obey) obey(command)
  else if (command.type === 'install' || command.type === 'start') obey = boot(command)
})
send({ type: 'ready' })

/** Starts the browser and opens the app. Returns the function for later commands. */
function boot(first: FirstCommand): (command: DeviceCommand) => void {
  const { device, user, server, folder, timeScale } = first
  const clock = new WireClock(timeScale)
  const emit = (event: EventBody) => send({ type: 'event', t: clock.exact(), event })
  process.on('unhandledRejection', (error) => emit({ type: 'error', message: messageOf(error) }))
  const host = new BrowserHost({
    durable: app.about.durable ?? false,
    emit,
    onView: (view) => send({ type: 'view', t: clock.exact(), view }),
  })
  const die = (message: string): never => {
    send({ type: 'dying', t: clock.exact(), message })
    process.exit(1)
  }
  const temporary = join(folder, 'tmp')
  mkdirSync(temporary, { recursive: true })
  let network = { online: first.online, metered: first.metered }
  const launching = BrowserPage.launch({
    app,
    playwright,
    executable,
    profile: join(folder, 'profile'),
    temporary,
    network,
    place: { server, device, user, timeScale },
    emit,
    log: (text) => console.error(text),
    onCrash: die,
  })
  const opening = first.type === 'install' ? host.install(launching) : host.open(launching)
  const answer = (id: number) => () => send({ type: 'reply', id })

  const start = ({ id, origin }: Extract<DeviceCommand, { type: 'start' }>) => {
    clock.begin(BigInt(origin))
    clock.after(0, () => watchLateness((ms) => send({ type: 'late', ms })))
    clock.after(0, () => void opening.then(lookOn))
    opening.then(answer(id), (error: unknown) => die(messageOf(error)))
  }
  const lookOn = async () => {
    await host.view()
    setTimeout(lookOn, Math.max(LOOK_EVERY_AT_LEAST_MS, LOOK_EVERY_MS / timeScale))
  }

  const takePicture = async () => {
    const png = app.about.picture ? await host.picture() : undefined
    if (png !== undefined) send({ type: 'picture', png })
  }

  const carryOut = (command: DeviceCommand): void => {
    switch (command.type) {
      case 'install':
        opening.then(answer(command.id), (error: unknown) =>
          send({ type: 'reply', id: command.id, problem: messageOf(error) }),
        )
        break
      case 'start':
        start(command)
        break
      case 'perform':
        host.perform(command.action)
        break
      case 'view':
        void host.view(true).then(takePicture).then(answer(command.id))
        break
      case 'set': {
        const { online = network.online, metered = network.metered } = command
        network = { online, metered }
        void opening.then((browser) => browser.setNetwork({ online, metered }))
        for (const event of unfollowed(command)) emit(event)
        break
      }
      case 'sync':
        void host.responds().then(answer(command.id))
        break
      case 'stop':
        answer(command.id)()
        process.exit(0)
    }
  }
  carryOut(first)
  return carryOut
}

/** A run in which a browser could not follow the scenario is undecided. */
function unfollowed({ dozing, skew }: Extract<DeviceCommand, { type: 'set' }>): EventBody[] {
  const event = (what: string, received: string, expected: string): EventBody[] => [
    { type: 'invalid', what, received, expected },
  ]
  return [
    ...(dozing ? event('the power state of a browser', 'doze', 'a phone that is awake') : []),
    ...(skew ? event('the clock of a browser', `a skew of ${skew} ms`, 'no skew') : []),
  ]
}
