import { describe, expect, it } from 'vitest'
import type { Client, ClientDefinition, ClientPorts } from '../core/client.ts'
import { HttpError } from '../core/ports/http.ts'
import type { Server } from '../core/server.ts'
import { message, refresh } from './actions.ts'
import { LocalServer } from './local-server.ts'
import { delayResponse, fail, hang, healthy, json, loseResponse, type Network } from './network.ts'
import { MINUTE, Phone, SECOND } from './phone.ts'
import tinyServer from './tiny-server.ts'
import tinyStreamClient from './tiny-stream-client.ts'

const DEADLINE_MS = 10 * SECOND

/** A small client: saves each message in a table and posts it once, immediately. */
class TinyClient implements Client {
  readonly #ports: ClientPorts
  readonly #messages

  constructor(ports: ClientPorts) {
    this.#ports = ports
    this.#messages = ports.database({ messages: { key: 'opId' } })
  }

  start(): void {
    this.#ports.connectivity.onChange(({ online }) => online && void this.#post('back online'))
  }

  perform(action: Parameters<Client['perform']>[0]): ReturnType<Client['perform']> {
    if (action.type !== 'create')
      return { saved: Promise.resolve({ refused: 'this app can only send messages' }) }
    const { opId, content } = action
    this.#messages.transaction((tables) => tables.table('messages').put({ opId, content }))
    this.#ports.recorder.emit({
      type: 'ackApplied',
      key: opId,
      rev: 1,
      outcome: 'applied',
      cleared: true,
    })
    const settled = this.#post(opId).then(() => ({ outcome: 'acked' }) as const)
    return { saved: Promise.resolve({ durable: true }), settled }
  }

  view() {
    const all = this.#messages.read((tables) => tables.table('messages').all())
    return {
      rows: all.map(({ opId, content }) => rowOf(String(opId), content as { text: string })),
    }
  }

  stop(): void {}

  #post(body: string) {
    return this.#ports.http.request({ method: 'POST', path: '/', body, deadline: DEADLINE_MS })
  }
}
const rowOf = (id: string, content: { text: string }) => ({ collection: 'messages', id, content })
const tiny: Pick<ClientDefinition, 'create'> = { create: (ports) => new TinyClient(ports) }

function setUp(network: Network = healthy) {
  const received: (string | undefined)[] = []
  const server: Pick<Server, 'handle'> = {
    handle: async ({ body }) => {
      received.push(body)
      return json(200, {})
    },
  }
  return { phone: new Phone(tiny, { server, network }), received }
}

/** Tracks the outcome of a promise: 'open' until it settles. */
function track(promise: Promise<unknown>): { outcome: unknown } {
  const tracked: { outcome: unknown } = { outcome: 'open' }
  promise.then(
    (value) => {
      tracked.outcome = value
    },
    (error) => {
      tracked.outcome = error instanceof HttpError ? error.failure : error
    },
  )
  return tracked
}

describe('a phone', () => {
  it('a phone runs the client against the server and shows its screen', async () => {
    const { phone, received } = setUp()
    await phone.start()
    const { saved, settled } = phone.perform(message('a', 'hello'))
    expect(await phone.screen()).toEqual(['hello'])
    await phone.advance('1s')
    expect(await saved).toEqual({ durable: true })
    expect(await settled).toEqual({ outcome: 'acked' })
    expect(received).toEqual(['a'])
    expect(phone.requests).toMatchObject([{ path: '/', body: 'a', at: 0 }])
    expect(phone.events).toMatchObject([{ type: 'ackApplied', key: 'a' }])
  })

  it('a phone keeps its disk after a kill, and nothing else', async () => {
    const { phone } = setUp()
    await phone.start()
    phone.perform(message('a'))
    phone.kill()
    expect(phone.alive).toBe(false)
    await expect(phone.view()).rejects.toThrow(/must be started/)
    await phone.start()
    expect(await phone.screen()).toEqual(['a'])
  })

  it('a phone reports nothing and receives no response after a kill', async () => {
    const { phone, received } = setUp()
    await phone.start()
    const { saved, settled } = phone.perform(message('a'))
    const end = track(settled)
    phone.kill()
    expect(await saved).toBeUndefined()
    expect(await phone.perform(message('b')).saved).toBeUndefined()
    await phone.advance('1m')
    // The request left the phone before the kill.
    expect({ received, end }).toEqual({ received: ['a'], end: { outcome: 'open' } })
  })

  it('a phone revokes the timers, signals, disk and recorder of a killed incarnation', async () => {
    let old: ClientPorts | undefined
    const calls: string[] = []
    const phone = new Phone({
      create: (ports) => {
        old ??= ports
        return new TinyClient(ports)
      },
    })
    await phone.start()
    const database = old?.database({ messages: { key: 'opId' } })
    old?.clock.after(SECOND, () => calls.push('timer'))
    old?.connectivity.onChange(() => calls.push('signal'))
    const request = old && track(old.http.request({ method: 'GET', path: '/' }))
    await phone.restart()
    database?.transaction((tables) => tables.table('messages').put({ opId: 'x', content: {} }))
    old?.recorder.emit({ type: 'ackApplied', key: 'x', rev: 1, outcome: 'applied', cleared: true })
    phone.connectivity.set({ online: false })
    await phone.advance('1m')
    expect({ calls, request, events: phone.events, screen: await phone.screen() }).toEqual({
      calls: [],
      request: { outcome: 'open' },
      events: [],
      screen: [],
    })
  })

  it('a phone passes changes of connectivity to the client', async () => {
    const { phone, received } = setUp()
    await phone.start()
    phone.connectivity.set({ online: false })
    phone.connectivity.set({ online: true })
    await phone.advance('1s')
    expect(received).toEqual(['back online'])
  })

  it.each([
    { moment: 'before' as const, screen: ['a'] },
    { moment: 'after' as const, screen: ['a', 'b'] },
  ])('a phone kills the client right $moment the second commit', async ({ moment, screen }) => {
    const { phone } = setUp()
    await phone.start()
    phone.killAtCommit = { skip: 1, moment }
    expect(await phone.perform(message('a')).saved).toEqual({ durable: true })
    expect(await phone.perform(message('b')).saved).toBeUndefined()
    expect(phone.alive).toBe(false)
    await phone.start()
    expect(await phone.screen()).toEqual(screen)
  })

  it('a phone fails transactions while the disk is full', async () => {
    const { phone } = setUp()
    await phone.start()
    phone.diskFull = true
    expect(() => phone.perform(message('a'))).toThrow('disk full')
    phone.diskFull = false
    expect(await phone.screen()).toEqual([])
  })

  it('a phone shows the client a wrong wall clock, but the right monotonic time', async () => {
    let clock: ClientPorts['clock'] | undefined
    const phone = new Phone({
      create: (ports) => {
        clock = ports.clock
        return new TinyClient(ports)
      },
    })
    await phone.start()
    await phone.advance('1m')
    phone.skewMs = -MINUTE
    expect(clock?.now()).toBe(MINUTE)
    expect(clock?.wall()).toBe(phone.clock.wall() - MINUTE)
  })

  it('a phone draws equal random numbers for equal seeds, others after a restart', async () => {
    const draw = async (seed: number) => {
      const drawn: number[] = []
      const create = (ports: ClientPorts) => {
        drawn.push(ports.random.next())
        return new TinyClient(ports)
      }
      const phone = new Phone({ create }, { seed })
      await phone.start()
      await phone.restart()
      return drawn
    }
    const [first, again, other] = [await draw(1), await draw(1), await draw(2)]
    expect(again).toEqual(first)
    expect(new Set([...first, ...other]).size).toBe(4)
  })

  it('a phone returns the refusals of the client', async () => {
    const { phone } = setUp()
    await phone.start()
    expect(await phone.perform(refresh('r')).saved).toEqual({
      refused: 'this app can only send messages',
    })
  })
})

it('phones of one local server share its clock', async () => {
  const server = new LocalServer(tinyServer)
  const [ana, ben] = [new Phone(tiny, { server }), new Phone(tiny, { server, name: 'ben' })]
  await ana.advance('1s')
  expect({ ana: ana.clock.now(), ben: ben.clock.now(), server: server.clock.now() }).toEqual({
    ana: SECOND,
    ben: SECOND,
    server: SECOND,
  })
})

describe('a scripted network', () => {
  const outcomeOf = async (network: Network) => {
    const { phone, received } = setUp(network)
    await phone.start()
    const tracked = track(phone.perform(message('a')).settled)
    await phone.advance('1m')
    return { outcome: tracked.outcome, received: received.length }
  }

  it('a scripted network loses requests and responses as scripted', async () => {
    expect(await outcomeOf(fail('refused'))).toEqual({ outcome: 'refused', received: 0 })
    expect(await outcomeOf(hang)).toEqual({ outcome: 'timeout', received: 0 })
    expect(await outcomeOf(loseResponse)).toEqual({ outcome: 'cut', received: 1 })
  })

  it('a scripted network times out a response that is later than the deadline', async () => {
    const { phone } = setUp()
    phone.network = delayResponse(phone.clock, DEADLINE_MS)
    await phone.start()
    const { settled } = phone.perform(message('a'))
    const tracked = track(settled)
    await phone.advance(DEADLINE_MS)
    expect(tracked.outcome).toBe('timeout')
  })

  it('a scripted network refuses connections of a phone without a server', async () => {
    const phone = new Phone(tiny)
    await phone.start()
    const tracked = track(phone.perform(message('a')).settled)
    await phone.advance('1s')
    expect(tracked.outcome).toBe('refused')
  })

  it('a scripted network aborts requests of the client', async () => {
    let ports: ClientPorts | undefined
    const phone = new Phone({
      create: (given) => {
        ports = given
        return new TinyClient(given)
      },
    })
    await phone.start()
    const controller = new AbortController()
    const request = { method: 'GET', path: '/' } as const
    const tracked = ports && track(ports.http.request(request, controller.signal))
    controller.abort()
    const late = ports && track(ports.http.request(request, controller.signal))
    await phone.advance('1s')
    expect(tracked?.outcome).toBe('aborted')
    expect(late?.outcome).toBe('aborted')
    expect(phone.requests).toHaveLength(1)
  })
})

describe('connections of a phone', () => {
  it('carry HTTP/1.1 to the server through the scripted network', async () => {
    const server = new LocalServer(tinyServer)
    const phone = new Phone(tinyStreamClient, { server })
    await phone.start()
    phone.network = loseResponse
    phone.perform(message('over a stream'))
    await phone.advance('2s')
    expect(server.commits()).toHaveLength(1)
    expect(await phone.screen()).toEqual(['over a stream pending'])
    phone.network = healthy
    await phone.advance('1m')
    expect(await phone.screen()).toEqual(['over a stream sent'])
    expect(phone.requests.map(({ method }) => method)).toEqual(['POST', 'POST'])
  })

  it('end with the app: nothing reaches it any more', async () => {
    const server = new LocalServer(tinyServer)
    const phone = new Phone(tinyStreamClient, { server })
    await phone.start()
    phone.perform(message('kept'))
    phone.kill()
    await phone.start()
    await phone.advance('1m')
    expect(await phone.screen()).toEqual(['kept sent'])
    expect(server.commits()).toHaveLength(1)
  })
})
