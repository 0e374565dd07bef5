import { describe, expect, it } from 'vitest'
import { sleep } from '../../../harness/core/ports/clock.ts'
import { VirtualClock } from '../../../harness/core/ports/virtual-clock.ts'
import type { ServerDefinition } from '../../../harness/core/server.ts'
import dedup from '../../../server-stub/variants/dedup.ts'
import naiveServer from '../../../server-stub/variants/naive.ts'
import {
  answering,
  down,
  good,
  HOUR,
  lostAck,
  MINUTE,
  type Network,
  Phone,
  SECOND,
  serverOn,
} from '../testing/phone.ts'
import worker from './index.ts'

function town(definition: ServerDefinition = dedup) {
  const clock = new VirtualClock()
  const server = serverOn(clock, definition)
  const phone = (name: string) => new Phone(name, clock, server, worker)
  const texts = () => server.dump().rows.map((row) => row.content?.text)
  /** The server handles the request, and the answer takes this long. */
  const slow =
    (ms: number): Network =>
    async (_request, forward) => {
      const response = await forward()
      await sleep(clock, ms)
      return response
    }
  return { clock, server, ana: phone('ana'), ben: phone('ben'), texts, slow }
}

const offline = (phone: Phone) => {
  phone.connectivity.set({ online: false })
  phone.network = down
}
const online = (phone: Phone) => {
  phone.network = good
  phone.connectivity.set({ online: true })
}

describe('interview/worker, as promised', () => {
  it('saves, shows the clock, sends, shows the check', async () => {
    const { clock, ana, texts } = town()
    const { saved } = ana.send('ana-1', 'hello')
    expect(await ana.screen()).toEqual(['hello pending'])
    expect(await saved).toEqual({ durable: true })
    await clock.until(SECOND)
    expect(await ana.screen()).toEqual(['hello sent'])
    expect(texts()).toEqual(['hello'])
    const key = ana.requests
      .find(({ method }) => method === 'POST')
      ?.body?.match(/"id":"([^"]+)"/)?.[1]
    expect(ana.events).toMatchObject([
      { type: 'localCommit', op: 'ana-1', key, write: 'create', rev: 1 },
      { type: 'ackApplied', key, rev: 1, outcome: 'applied', cleared: true },
    ])
  })

  it('sends after the tunnel, in order, without a tap', async () => {
    const { clock, ana } = town()
    await clock.until(SECOND)
    offline(ana)
    ana.send('ana-1', 'one')
    await clock.until(MINUTE)
    ana.send('ana-2', 'two')
    await clock.until(2 * MINUTE)
    expect(await ana.screen()).toEqual(['one pending', 'two pending'])
    online(ana)
    await clock.until(3 * MINUTE)
    expect(await ana.screen()).toEqual(['one sent', 'two sent'])
    expect(ana.posts()).toMatchObject([{ text: 'one' }, { text: 'two' }])
  })

  it('keeps messages and work through the death of the app', async () => {
    const { clock, ana } = town()
    offline(ana)
    ana.send('ana-1', 'hello')
    await clock.until(MINUTE)
    ana.restart()
    expect(await ana.screen()).toEqual(['hello pending'])
    online(ana)
    await clock.until(2 * MINUTE)
    expect(await ana.screen()).toEqual(['hello sent'])
  })

  it('tries again after 30 seconds, then after twice as long', async () => {
    const { clock, ana } = town()
    ana.network = down
    ana.send('ana-1', 'hello')
    await clock.until(100 * SECOND)
    expect(ana.posts()).toHaveLength(3)
    ana.network = good
    await clock.until(4 * MINUTE)
    expect(await ana.screen()).toEqual(['hello sent'])
  })

  it('resends after a lost answer with the same id, so that a server that remembers it has one message', async () => {
    const { clock, ana, texts } = town()
    ana.network = lostAck
    ana.send('ana-1', 'hello')
    await clock.until(SECOND)
    ana.network = good
    await clock.until(MINUTE)
    const [first, second, ...more] = ana.posts()
    expect(second).toEqual(first)
    expect(more).toEqual([])
    expect(texts()).toEqual(['hello'])
    expect(await ana.screen()).toEqual(['hello sent'])
  })

  it("pulls others' messages every 15 minutes", async () => {
    const { clock, ana, ben } = town()
    ana.send('ana-1', 'hello')
    ben.send('ben-1', 'hi')
    await clock.until(14 * MINUTE)
    expect(await ben.screen()).toEqual(['hi sent'])
    await clock.until(16 * MINUTE)
    expect(await ben.screen()).toEqual(['hello sent', 'hi sent'])
    expect(await ana.screen()).toEqual(['hello sent', 'hi sent'])
    await clock.until(HOUR)
    expect(await ben.screen()).toEqual(['hello sent', 'hi sent'])
  })

  it('asks only for what is newer than anything pulled', async () => {
    const { clock, server, ana, ben } = town()
    ana.send('ana-1', 'hello')
    await clock.until(50 * MINUTE)
    const { messages } = JSON.parse(
      (await server.handle({ method: 'GET', path: '/messages?since=0' })).body,
    )
    const since = `/messages?since=${messages[0].timestamp}`
    expect(ben.requests.map(({ path }) => path)).toEqual([
      '/messages?since=0',
      '/messages?since=0',
      since,
      since,
    ])
  })

  it('takes a captive portal for no answer', async () => {
    const { clock, ana, texts } = town()
    ana.network = answering(200, '<html>Welcome to Train Wi-Fi</html>')
    ana.send('ana-1', 'hello')
    await clock.until(SECOND)
    expect(await ana.screen()).toEqual(['hello pending'])
    ana.network = good
    await clock.until(MINUTE)
    expect(texts()).toEqual(['hello'])
  })

  it('edits and takes back what still waits', async () => {
    const { clock, ana, texts } = town()
    offline(ana)
    ana.send('ana-1', 'helo', 'm1')
    ana.send('ana-2', 'oops', 'm2')
    await ana.perform({
      type: 'update',
      op: 'ana-3',
      collection: 'messages',
      record: 'm1',
      content: { conversation: 'main', text: 'hello' },
    })
    await ana.perform({ type: 'cancel', op: 'ana-4', target: 'ana-2' })
    expect(await ana.screen()).toEqual(['hello pending'])
    online(ana)
    await clock.until(MINUTE)
    expect(texts()).toEqual(['hello'])
  })

  it('refuses to edit, delete or take back what was sent', async () => {
    const { clock, ana } = town()
    ana.send('ana-1', 'hello', 'm1')
    await clock.until(SECOND)
    const content = { conversation: 'main', text: 'bye' }
    expect(
      await ana.perform({
        type: 'update',
        op: 'ana-2',
        collection: 'messages',
        record: 'm1',
        content,
      }),
    ).toHaveProperty('refused')
    expect(
      await ana.perform({ type: 'delete', op: 'ana-3', collection: 'messages', record: 'm1' }),
    ).toHaveProperty('refused')
    expect(await ana.perform({ type: 'cancel', op: 'ana-4', target: 'ana-1' })).toHaveProperty(
      'refused',
    )
    expect(await ana.screen()).toEqual(['hello sent'])
  })
})

/** The flaws that the analysis names, each shown. */
describe('interview/worker, as it is', () => {
  it('forgets a message that is written while the last one is on its way (KEEP)', async () => {
    const { clock, ana, slow } = town()
    ana.network = slow(12 * SECOND)
    ana.send('ana-1', 'one')
    await clock.until(6 * SECOND)
    ana.send('ana-2', 'two')
    await clock.until(3 * HOUR)
    expect(await ana.screen()).toEqual(['one sent', 'two pending'])
    ana.restart()
    await clock.until(4 * HOUR)
    expect(await ana.screen()).toEqual(['one sent', 'two pending'])
    ana.network = good
    ana.send('ana-3', 'three')
    await clock.until(4 * HOUR + SECOND)
    expect(await ana.screen()).toEqual(['one sent', 'two sent', 'three sent'])
  })

  it('lets a new message wait for the backoff of the old', async () => {
    const { clock, ana } = town()
    ana.network = down
    ana.send('ana-1', 'one')
    await clock.until(5 * SECOND)
    ana.network = good
    ana.send('ana-2', 'two')
    await clock.until(29 * SECOND)
    expect(await ana.screen()).toEqual(['one pending', 'two pending'])
    await clock.until(31 * SECOND)
    expect(await ana.screen()).toEqual(['one sent', 'two sent'])
  })

  it('forgets a message whose app dies between the insert and the enqueuing', async () => {
    const { clock, ana } = town()
    const { saved } = ana.send('ana-1', 'hello')
    await clock.until(2)
    expect(await saved).toEqual({ durable: true })
    ana.restart()
    await clock.until(3 * HOUR)
    expect(await ana.screen()).toEqual(['hello pending'])
    expect(ana.posts()).toEqual([])
  })

  it('lets one message that is refused starve the rest, with a clock icon for ever', async () => {
    const { clock, ana } = town()
    const poison: Network = (request, forward) =>
      request.body?.includes('poison')
        ? Promise.resolve({ status: 400, headers: {}, body: '{"error":"no"}' })
        : forward()
    ana.network = poison
    ana.send('ana-1', 'poison')
    ana.send('ana-2', 'fine')
    await clock.until(24 * HOUR)
    expect(await ana.screen()).toEqual(['poison pending', 'fine pending'])
  })

  it('marks an edit synced that was made in flight, and puts the old text back', async () => {
    const { clock, ana, slow } = town()
    ana.network = slow(10 * SECOND)
    ana.send('ana-1', 'seven', 'm1')
    await clock.until(5 * SECOND)
    ana.perform({
      type: 'update',
      op: 'ana-2',
      collection: 'messages',
      record: 'm1',
      content: { conversation: 'main', text: 'eight' },
    })
    expect(await ana.screen()).toEqual(['eight pending'])
    await clock.until(MINUTE)
    expect(await ana.screen()).toEqual(['seven sent'])
    expect(ana.events.at(-1)).toMatchObject({ type: 'ackApplied', rev: 1, cleared: true })
  })

  it('sends a message all the same that was taken back while the batch was under way', async () => {
    const { clock, ana, texts, slow } = town()
    offline(ana)
    ana.send('ana-1', 'one')
    ana.send('ana-2', 'two')
    await clock.until(SECOND)
    ana.network = slow(10 * SECOND)
    ana.connectivity.set({ online: true })
    await clock.until(2 * SECOND)
    ana.perform({ type: 'cancel', op: 'ana-3', target: 'ana-2' })
    await clock.until(MINUTE)
    expect(texts().toSorted()).toEqual(['one', 'two'])
    expect(await ana.screen()).toEqual(['one sent'])
  })

  it('hangs with a connection that says nothing, until WorkManager stops it after 10 minutes', async () => {
    const { clock, ana } = town()
    ana.network = () => new Promise(() => {})
    ana.send('ana-1', 'hello')
    await clock.until(SECOND)
    ana.network = good
    await clock.until(9 * MINUTE)
    expect(await ana.screen()).toEqual(['hello pending'])
    await clock.until(11 * MINUTE)
    expect(await ana.screen()).toEqual(['hello sent'])
    expect(ana.requests.every(({ deadline }) => deadline === undefined)).toBe(true)
  })

  it('sends for ever what the server answers with an empty body', async () => {
    const { clock, ana, texts } = town(naiveServer)
    ana.network = async (request, forward) => {
      const response = await forward()
      return request.method === 'POST' ? { ...response, status: 200, body: '' } : response
    }
    ana.send('ana-1', 'hello')
    await clock.until(5 * MINUTE)
    expect(texts()).toEqual(['hello', 'hello', 'hello', 'hello'])
  })

  it('does not heed Retry-After', async () => {
    const { clock, ana } = town()
    ana.network = async () => ({
      status: 429,
      headers: { 'retry-after': '600' },
      body: '{"error":"slow down"}',
    })
    ana.send('ana-1', 'hello')
    await clock.until(35 * SECOND)
    expect(ana.posts()).toHaveLength(2)
  })

  it('has a second bubble after a lost answer of a server that remembers no ids', async () => {
    const { clock, ana, texts } = town(naiveServer)
    ana.network = lostAck
    ana.send('ana-1', 'hello')
    await clock.until(SECOND)
    ana.network = good
    await clock.until(20 * MINUTE)
    expect(texts()).toEqual(['hello', 'hello'])
    expect(await ana.screen()).toEqual(['hello sent', 'hello sent'])
  })

  it('has its pending edit overwritten by a pull', async () => {
    const { clock, ana } = town()
    await clock.until(14 * MINUTE + 55 * SECOND)
    ana.network = lostAck
    ana.send('ana-1', 'seven', 'm1')
    await clock.until(14 * MINUTE + 57 * SECOND)
    ana.network = good
    ana.perform({
      type: 'update',
      op: 'ana-2',
      collection: 'messages',
      record: 'm1',
      content: { conversation: 'main', text: 'eight' },
    })
    await clock.until(15 * MINUTE + 40 * SECOND)
    expect(await ana.screen()).toEqual(['seven sent'])
    expect(ana.posts()).toHaveLength(1)
  })
})

describe('interview/worker on a good network', () => {
  it('has one bubble each, on either server', async () => {
    for (const definition of [dedup, naiveServer]) {
      const { clock, ana, ben } = town(definition)
      ana.send('ana-1', 'hello')
      await clock.until(10 * SECOND)
      ben.send('ben-1', 'hi')
      await clock.until(HOUR)
      expect([await ana.screen(), await ben.screen()]).toEqual([
        ['hello sent', 'hi sent'],
        ['hello sent', 'hi sent'],
      ])
    }
  })
})
