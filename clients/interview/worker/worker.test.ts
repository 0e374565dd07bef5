import { describe, expect, it } from 'vitest'
import { cancel, edit, message, remove } from '../../../harness/testing/actions.ts'
import {
  delayResponse,
  hang,
  healthy,
  json,
  loseResponse,
  type Network,
  PORTAL_PAGE,
  respond,
} from '../../../harness/testing/network.ts'
import { HOUR, MINUTE, SECOND } from '../../../harness/testing/phone.ts'
import dedup from '../../../server-stub/variants/dedup.ts'
import naiveServer from '../../../server-stub/variants/naive.ts'
import { goOffline, goOnline, postsOf, setUp, tunnel } from '../testing/setup.ts'
import worker from './index.ts'

describe('interview/worker', () => {
  it('saves and shows a message as pending, sends it, and shows it as sent', async () => {
    const { clock, ana, texts } = setUp(worker)
    const { saved } = ana.perform(message('ana-1', 'hello'))
    expect(await ana.screen()).toEqual(['hello pending'])
    expect(await saved).toEqual({ durable: true })
    await clock.until(SECOND)
    expect(await ana.screen()).toEqual(['hello sent'])
    expect(texts()).toEqual(['hello'])
    const key = ana.requests
      .find(({ method }) => method === 'POST')
      ?.body?.match(/"id":"([^"]+)"/)?.[1]
    expect(ana.events).toMatchObject([
      { type: 'localCommit', opId: 'ana-1', key, write: 'create', rev: 1 },
      { type: 'ackApplied', key, rev: 1, outcome: 'applied', cleared: true },
    ])
  })

  it('sends pending messages after a tunnel, in order and by itself', async () => {
    const { clock, ana } = setUp(worker)
    await clock.until(SECOND)
    goOffline(ana)
    ana.perform(message('ana-1', 'one'))
    await clock.until(MINUTE)
    ana.perform(message('ana-2', 'two'))
    await clock.until(2 * MINUTE)
    expect(await ana.screen()).toEqual(['one pending', 'two pending'])
    goOnline(ana)
    await clock.until(3 * MINUTE)
    expect(await ana.screen()).toEqual(['one sent', 'two sent'])
    expect(postsOf(ana)).toMatchObject([{ text: 'one' }, { text: 'two' }])
  })

  it('keeps messages and work when the app is killed', async () => {
    const { clock, ana } = setUp(worker)
    goOffline(ana)
    ana.perform(message('ana-1', 'hello'))
    await clock.until(MINUTE)
    await ana.restart()
    expect(await ana.screen()).toEqual(['hello pending'])
    goOnline(ana)
    await clock.until(2 * MINUTE)
    expect(await ana.screen()).toEqual(['hello sent'])
  })

  it('retries after 30 seconds, then after 60', async () => {
    const { clock, ana } = setUp(worker)
    ana.network = tunnel
    ana.perform(message('ana-1', 'hello'))
    await clock.until(100 * SECOND)
    expect(postsOf(ana)).toHaveLength(3)
    ana.network = healthy
    await clock.until(4 * MINUTE)
    expect(await ana.screen()).toEqual(['hello sent'])
  })

  it('resends with the same id after a lost response, so dedup stores one message', async () => {
    const { clock, ana, texts } = setUp(worker)
    ana.network = loseResponse
    ana.perform(message('ana-1', 'hello'))
    await clock.until(SECOND)
    ana.network = healthy
    await clock.until(MINUTE)
    const [first, second, ...more] = postsOf(ana)
    expect(second).toEqual(first)
    expect(more).toEqual([])
    expect(texts()).toEqual(['hello'])
    expect(await ana.screen()).toEqual(['hello sent'])
  })

  it("pulls others' messages every 15 minutes", async () => {
    const { clock, ana, ben } = setUp(worker)
    ana.perform(message('ana-1', 'hello'))
    ben.perform(message('ben-1', 'hi'))
    await clock.until(14 * MINUTE)
    expect(await ben.screen()).toEqual(['hi sent'])
    await clock.until(16 * MINUTE)
    expect(await ben.screen()).toEqual(['hello sent', 'hi sent'])
    expect(await ana.screen()).toEqual(['hello sent', 'hi sent'])
    await clock.until(HOUR)
    expect(await ben.screen()).toEqual(['hello sent', 'hi sent'])
  })

  it('pulls only messages newer than the newest pulled one', async () => {
    const { clock, server, ana, ben } = setUp(worker)
    ana.perform(message('ana-1', 'hello'))
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

  it('retries after the response of a captive portal', async () => {
    const { clock, ana, texts } = setUp(worker)
    ana.network = respond(PORTAL_PAGE)
    ana.perform(message('ana-1', 'hello'))
    await clock.until(SECOND)
    expect(await ana.screen()).toEqual(['hello pending'])
    ana.network = healthy
    await clock.until(MINUTE)
    expect(texts()).toEqual(['hello'])
  })

  it('edits and cancels pending messages', async () => {
    const { clock, ana, texts } = setUp(worker)
    goOffline(ana)
    ana.perform(message('ana-1', 'helo'))
    ana.perform(message('ana-2', 'oops'))
    await ana.perform(edit('ana-3', 'ana-1', 'hello')).saved
    await ana.perform(cancel('ana-4', 'ana-2')).saved
    expect(await ana.screen()).toEqual(['hello pending'])
    goOnline(ana)
    await clock.until(MINUTE)
    expect(texts()).toEqual(['hello'])
  })

  it('refuses to edit, delete or cancel a sent message', async () => {
    const { clock, ana } = setUp(worker)
    ana.perform(message('ana-1', 'hello'))
    await clock.until(SECOND)
    expect(await ana.perform(edit('ana-2', 'ana-1', 'bye')).saved).toHaveProperty('refused')
    expect(await ana.perform(remove('ana-3', 'ana-1')).saved).toHaveProperty('refused')
    expect(await ana.perform(cancel('ana-4', 'ana-1')).saved).toHaveProperty('refused')
    expect(await ana.screen()).toEqual(['hello sent'])
  })
})

/** The known flaws, one test each. */
describe('interview/worker has the flaw that it', () => {
  it('does not send a message written while another is in flight, because of KEEP', async () => {
    const { clock, ana } = setUp(worker)
    ana.network = delayResponse(clock, 12 * SECOND)
    ana.perform(message('ana-1', 'one'))
    await clock.until(6 * SECOND)
    ana.perform(message('ana-2', 'two'))
    await clock.until(3 * HOUR)
    expect(await ana.screen()).toEqual(['one sent', 'two pending'])
    expect(ana.events.filter(({ type }) => type === 'note')).toEqual([
      {
        type: 'note',
        text: 'KEEP: SendMessages is running, request dropped',
        opId: 'ana-2',
      },
    ])
    await ana.restart()
    await clock.until(4 * HOUR)
    expect(await ana.screen()).toEqual(['one sent', 'two pending'])
    ana.network = healthy
    ana.perform(message('ana-3', 'three'))
    await clock.until(4 * HOUR + SECOND)
    expect(await ana.screen()).toEqual(['one sent', 'two sent', 'three sent'])
  })

  it('delays a new message by the backoff of an earlier one, because of KEEP', async () => {
    const { clock, ana } = setUp(worker)
    ana.network = tunnel
    ana.perform(message('ana-1', 'one'))
    await clock.until(5 * SECOND)
    ana.network = healthy
    ana.perform(message('ana-2', 'two'))
    await clock.until(29 * SECOND)
    expect(await ana.screen()).toEqual(['one pending', 'two pending'])
    await clock.until(31 * SECOND)
    expect(await ana.screen()).toEqual(['one sent', 'two sent'])
  })

  it('never sends a message if the app is killed between insert and enqueue', async () => {
    const { clock, ana } = setUp(worker)
    const { saved } = ana.perform(message('ana-1', 'hello'))
    await clock.until(2)
    expect(await saved).toEqual({ durable: true })
    await ana.restart()
    await clock.until(3 * HOUR)
    expect(await ana.screen()).toEqual(['hello pending'])
    expect(postsOf(ana)).toEqual([])
  })

  it('lets one rejected message block all later ones, pending for ever', async () => {
    const { clock, ana } = setUp(worker)
    const rejectPoison: Network = (request, forward) =>
      request.body?.includes('poison') ? json(400, { error: 'no' }) : forward()
    ana.network = rejectPoison
    ana.perform(message('ana-1', 'poison'))
    ana.perform(message('ana-2', 'fine'))
    await clock.until(24 * HOUR)
    expect(await ana.screen()).toEqual(['poison pending', 'fine pending'])
  })

  it('overwrites an edit made in flight with the old text and marks it sent', async () => {
    const { clock, ana } = setUp(worker)
    ana.network = delayResponse(clock, 10 * SECOND)
    ana.perform(message('ana-1', 'seven'))
    await clock.until(5 * SECOND)
    ana.perform(edit('ana-2', 'ana-1', 'eight'))
    expect(await ana.screen()).toEqual(['eight pending'])
    await clock.until(MINUTE)
    expect(await ana.screen()).toEqual(['seven sent'])
    expect(ana.events.at(-1)).toMatchObject({ type: 'ackApplied', rev: 1, cleared: true })
  })

  it('still sends a message that was cancelled while its batch was in flight', async () => {
    const { clock, ana, texts } = setUp(worker)
    goOffline(ana)
    ana.perform(message('ana-1', 'one'))
    ana.perform(message('ana-2', 'two'))
    await clock.until(SECOND)
    ana.network = delayResponse(clock, 10 * SECOND)
    ana.connectivity.set({ online: true })
    await clock.until(2 * SECOND)
    ana.perform(cancel('ana-3', 'ana-2'))
    await clock.until(MINUTE)
    expect(texts().toSorted()).toEqual(['one', 'two'])
    expect(await ana.screen()).toEqual(['one sent'])
  })

  it('hangs on a silent connection until WorkManager stops it after 10 minutes', async () => {
    const { clock, ana } = setUp(worker)
    ana.network = hang
    ana.perform(message('ana-1', 'hello'))
    await clock.until(SECOND)
    ana.network = healthy
    await clock.until(9 * MINUTE)
    expect(await ana.screen()).toEqual(['hello pending'])
    await clock.until(11 * MINUTE)
    expect(await ana.screen()).toEqual(['hello sent'])
    expect(ana.requests.every(({ deadline }) => deadline === undefined)).toBe(true)
  })

  it('resends for ever if the server responds with an empty body', async () => {
    const { clock, ana, texts } = setUp(worker, naiveServer)
    ana.network = async (request, forward) => {
      const response = await forward()
      return request.method === 'POST' ? { ...response, status: 200, body: '' } : response
    }
    ana.perform(message('ana-1', 'hello'))
    await clock.until(5 * MINUTE)
    expect(texts()).toEqual(['hello', 'hello', 'hello', 'hello'])
  })

  it('shows a message twice after a lost response of a server without dedup', async () => {
    const { clock, ana, texts } = setUp(worker, naiveServer)
    ana.network = loseResponse
    ana.perform(message('ana-1', 'hello'))
    await clock.until(SECOND)
    ana.network = healthy
    await clock.until(20 * MINUTE)
    expect(texts()).toEqual(['hello', 'hello'])
    expect(await ana.screen()).toEqual(['hello sent', 'hello sent'])
  })

  it('loses a pending edit to a pull', async () => {
    const { clock, ana } = setUp(worker)
    await clock.until(14 * MINUTE + 55 * SECOND)
    ana.network = loseResponse
    ana.perform(message('ana-1', 'seven'))
    await clock.until(14 * MINUTE + 57 * SECOND)
    ana.network = healthy
    ana.perform(edit('ana-2', 'ana-1', 'eight'))
    await clock.until(15 * MINUTE + 40 * SECOND)
    expect(await ana.screen()).toEqual(['seven sent'])
    expect(postsOf(ana)).toHaveLength(1)
  })
})

describe('interview/worker on a healthy network', () => {
  it('shows each message once, with either server', async () => {
    for (const definition of [dedup, naiveServer]) {
      const { clock, ana, ben } = setUp(worker, definition)
      ana.perform(message('ana-1', 'hello'))
      await clock.until(10 * SECOND)
      ben.perform(message('ben-1', 'hi'))
      await clock.until(HOUR)
      expect({ ana: await ana.screen(), ben: await ben.screen() }).toEqual({
        ana: ['hello sent', 'hi sent'],
        ben: ['hello sent', 'hi sent'],
      })
    }
  })
})
