import { readFileSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import type { Action } from '../../core/action.ts'
import type { Client, ClientDefinition } from '../../core/client.ts'
import { GuestFolder, guestCode } from '../testing/compiled.ts'
import { TestStage } from '../testing/stage.ts'

const folder = new GuestFolder()
afterAll(() => folder.remove())

const action = (text: string, record = 'm1'): Action => ({
  type: 'create',
  opId: 'ana-1',
  collection: 'messages',
  record,
  content: { text },
})

/** Starts an incarnation of a client. */
async function started(definition: ClientDefinition, stage = new TestStage()) {
  const client: Client = definition.create(stage.ports(), { device: 'ana', user: 'ana' })
  const running = client.start()
  await stage.clock.advance(100)
  return { stage, client, running }
}
const unhandledDuring = async (work: () => Promise<unknown>): Promise<string[]> => {
  const errors: string[] = []
  const before = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', (error) => errors.push(String(error)))
  await work()
  process.removeAllListeners('unhandledRejection')
  for (const listener of before) process.on('unhandledRejection', listener)
  return errors
}

it('the example of guest() hosts an app that is durable and sends', async () => {
  const source = readFileSync(new URL('../guest.ts', import.meta.url), 'utf8')
  const lines = source.split('\n').filter((line) => line.startsWith(' *     '))
  const example = lines.map((line) => line.slice(' *     '.length)).join('\n')
  const definition = await folder.load(example, 'example.ts')
  expect(definition).toMatchObject({ name: 'list', title: 'list' })
  const { stage, client } = await started(definition)
  stage.serve = () => ({ status: 201 })
  expect(await stage.settle(client.perform(action('Hello')).saved)).toEqual({ durable: false })
  expect(stage.received).toMatchObject([
    { method: 'POST', path: '/messages', body: '{"text":"Hello"}' },
  ])
  const rows = [{ collection: 'messages', id: 'm1', content: { text: 'Hello' } }]
  expect(client.view()).toEqual({ rows })
  const { client: next } = await started(definition, stage)
  expect(next.view()).toEqual({ rows })
})

it('a guest states what differs from the capabilities of all guests', async () => {
  const about = "{ name: 'a', title: 'A', update: false, recovery: 5_000, durable: true }"
  const { capabilities, title } = await folder.load(guestCode('() => ({})', about))
  expect(title).toBe('A')
  expect(capabilities).toMatchObject({
    collections: ['messages', 'notes'],
    update: false,
    delete: true,
    outbox: false,
    browser: true,
    recovery: 5_000,
  })
  expect(Object.keys(capabilities)).not.toContain('durable')
})

it('each incarnation has the state of its modules to itself', async () => {
  const definition = await folder.load(
    `import { guest } from 'tunnelproof/guest'
     let starts = 0
     globalThis.marked = (globalThis.marked ?? 0) + 1
     export default guest({ name: 'a' }, ({ device, server }) => {
       starts++
       return {
         perform: () => undefined,
         view: () => {
           const content = { starts, marked: globalThis.marked, device, server }
           return [{ collection: 'notes', id: 'n', content }]
         },
       }
     })`,
  )
  const one = await started(definition)
  const two = await started(definition)
  const content = { starts: 1, marked: 1, device: 'ana', server: 'http://server.test' }
  for (const { client } of [one, two]) expect(client.view()).toMatchObject({ rows: [{ content }] })
  expect('marked' in globalThis).toBe(false)
})

const COUNTER = `() => {
  let count = 0
  let looks = 0
  setTimeout(() => count++, 10_000)
  return {
    perform: () => { count++ },
    view: async () => {
      looks++
      await new Promise((resolve) => setTimeout(resolve, 5))
      return [{ collection: 'notes', id: 'n', content: { count } }]
    },
  }
}`

it('the screen is read after something has happened, and reported if it has changed', async () => {
  const { stage, client } = await started(await folder.load(guestCode(COUNTER)))
  expect(stage.screens).toBe(1)
  await stage.clock.until(9_000)
  expect(stage.screens).toBe(1)
  await stage.clock.until(11_000)
  expect(stage.screens).toBe(2)
  expect(client.view()).toEqual({ rows: [{ collection: 'notes', id: 'n', content: { count: 1 } }] })
  // Nothing has changed since: but the host asked, and is answered by the app itself.
  const fresh = client.view()
  expect(fresh).toBeInstanceOf(Promise)
  await stage.settle(fresh as Promise<unknown>)
})

it('reading the screen causes no other readings', async () => {
  const counting = COUNTER.replace('{ count }', '{ looks: Math.min(looks, 3) }')
  const { stage } = await started(await folder.load(guestCode(counting)))
  await stage.clock.until(60_000)
  expect(stage.screens).toBeLessThan(4)
})

it('a guest that loads shows nothing yet, and actions wait for it', async () => {
  const definition = await folder.load(
    guestCode(`async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      let text = ''
      return {
        perform: ({ content }) => { text = content.text },
        view: () => text && [{ collection: 'notes', id: 'n', content: { text } }] || undefined,
      }
    }`),
  )
  const { stage, client } = await started(definition)
  expect(client.view()).toBeUndefined()
  const { saved } = client.perform(action('x'))
  expect(await stage.settle(saved)).toEqual({ durable: false })
  expect(stage.clock.now()).toBeGreaterThanOrEqual(1_000)
  expect(client.view()).toMatchObject({ rows: [{ content: { text: 'x' } }] })
})

it.each([
  ['resolves', 'Promise.resolve()', { outcome: 'acked' }],
  ['rejects', "Promise.reject(new Error('too long'))", { outcome: 'rejected', reason: 'too long' }],
])('the outcome of an action is what `settled` %s with', async (_, settled, outcome) => {
  const body = `() => ({
    perform: () => ({ saved: Promise.resolve(), settled: ${settled} }),
    view: () => [],
  })`
  const { stage, client } = await started(await folder.load(guestCode(body)))
  const performed = client.perform(action('x'))
  expect(await stage.settle(performed.saved)).toEqual({ durable: false })
  expect(await stage.settle(performed.settled as Promise<unknown>)).toEqual(outcome)
})

it.each([
  ['throws', "() => { throw new Error('no') }"],
  ['rejects', "async () => { throw new Error('no') }"],
  ['rejects `saved`', "() => ({ saved: Promise.reject(new Error('no')) })"],
])('a perform that %s is an error that nobody caught, and nothing is saved', async (_, perform) => {
  const body = `() => ({ perform: ${perform}, view: () => [] })`
  const { stage, client } = await started(await folder.load(guestCode(body)))
  let isSaved = false
  const errors = await unhandledDuring(async () => {
    void client.perform(action('x')).saved.then(() => {
      isSaved = true
    })
    await stage.clock.advance(1_000)
  })
  expect([errors, isSaved]).toEqual([['Error: no'], false])
})

it('a guest that does not start rejects, and a view that throws throws', async () => {
  const failing = await folder.load(guestCode("() => { throw new Error('no start') }"))
  const { client } = await (async () => {
    const stage = new TestStage()
    return { client: failing.create(stage.ports(), { device: 'ana', user: 'ana' }) }
  })()
  await expect(client.start()).rejects.toThrow('no start')
  const body = "() => ({ perform: () => {}, view: () => { throw new Error('no view') } })"
  const { client: shown } = await started(await folder.load(guestCode(body)))
  expect(() => shown.view()).toThrow('no view')
})

it('code that waits at its top level is hosted', async () => {
  const definition = await folder.load(
    `import { guest } from 'tunnelproof/guest'
     const value = await Promise.resolve(7)
     export default guest({ name: 'late' }, () => ({
       perform: () => undefined,
       view: () => [{ collection: 'notes', id: 'n', content: { value } }],
     }))`,
  )
  const { client } = await started(definition)
  expect(client.view()).toMatchObject({ rows: [{ content: { value: 7 } }] })
})
