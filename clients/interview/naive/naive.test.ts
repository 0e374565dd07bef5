import { describe, expect, it } from 'vitest'
import { sleep } from '../../../harness/core/ports/clock.ts'
import { message, refresh, remove } from '../../../harness/testing/actions.ts'
import {
  hang,
  healthy,
  json,
  loseResponse,
  PORTAL_PAGE,
  respond,
} from '../../../harness/testing/network.ts'
import { MINUTE, SECOND } from '../../../harness/testing/phone.ts'
import { postsOf, setUp, tunnel } from '../testing/setup.ts'
import naive from './index.ts'

describe('interview/naive', () => {
  it('sends at once on a healthy network and shows the rows of the server', async () => {
    const { clock, server, ana } = setUp(naive)
    const { saved, settled } = ana.perform(message('ana-1', 'hello'))
    await clock.until(SECOND)
    expect(await saved).toEqual({ durable: false })
    expect(await settled).toEqual({ outcome: 'acked' })
    expect(await ana.screen()).toEqual(['hello'])
    expect(server.dump().rows).toMatchObject([{ collection: 'messages', author: 'ana' }])
  })

  it('loses a message sent in a tunnel: no row, no retry', async () => {
    const { clock, server, ana } = setUp(naive)
    ana.network = tunnel
    ana.perform(message('ana-1', 'in the tunnel'))
    await clock.until(MINUTE)
    ana.network = healthy
    await clock.until(60 * MINUTE)
    expect(await ana.screen()).toEqual([])
    expect(postsOf(ana)).toHaveLength(1)
    expect(server.dump().rows).toEqual([])
  })

  it('accepts every message, and never reports a failed one', async () => {
    const { clock, ana } = setUp(naive)
    ana.network = respond(json(503, { error: 'busy' }))
    const { saved, settled } = ana.perform(message('ana-1', 'hello'))
    const outcomes: unknown[] = []
    void settled.then((outcome) => outcomes.push(outcome))
    await clock.until(MINUTE)
    expect(await saved).toEqual({ durable: false })
    expect(outcomes).toEqual([])
  })

  it('shows the message during the call and removes it after 10 seconds', async () => {
    const { clock, ana } = setUp(naive)
    ana.network = hang
    ana.perform(message('ana-1', 'hello'))
    await clock.until(9 * SECOND)
    expect(await ana.screen()).toEqual(['hello'])
    await clock.until(11 * SECOND)
    expect(await ana.screen()).toEqual([])
  })

  it('removes a message from the screen that has arrived, if the response is lost', async () => {
    const { clock, server, ana } = setUp(naive)
    ana.network = loseResponse
    ana.perform(message('ana-1', 'hello'))
    await clock.until(MINUTE)
    expect(await ana.screen()).toEqual([])
    expect(server.dump().rows).toHaveLength(1)
  })

  it('loses the message from the screen when the app is killed during the call', async () => {
    const { clock, server, ana } = setUp(naive)
    ana.network = async (_request, forward) => {
      await sleep(clock, 5 * SECOND)
      return forward()
    }
    ana.perform(message('ana-1', 'hello'))
    await ana.restart()
    expect(await ana.screen()).toEqual([])
    await clock.until(MINUTE)
    expect(server.dump().rows).toHaveLength(1)
    expect(await ana.screen()).toEqual(['hello'])
  })

  it("shows others' messages within 10 seconds, and at once after a refresh", async () => {
    const { clock, ana, ben } = setUp(naive)
    await clock.until(SECOND)
    ana.perform(message('ana-1', 'hello'))
    await clock.until(9 * SECOND)
    expect(await ben.screen()).toEqual([])
    await clock.until(11 * SECOND)
    expect(await ben.screen()).toEqual(['hello'])
    ana.perform(message('ana-2', 'again'))
    await clock.until(12 * SECOND)
    ben.perform(refresh('ben-1'))
    await clock.until(13 * SECOND)
    expect(await ben.screen()).toEqual(['hello', 'again'])
  })

  it('looks for news again after a tunnel', async () => {
    const { clock, ana, ben } = setUp(naive)
    ben.network = tunnel
    ana.perform(message('ana-1', 'hello'))
    await clock.until(MINUTE)
    ben.network = healthy
    await clock.advance(naive.capabilities.recovery)
    expect(await ben.screen()).toEqual(['hello'])
  })

  it('looks for news no longer once the screen is closed', async () => {
    const { clock, ben } = setUp(naive)
    await clock.until(SECOND)
    await ben.stop()
    await clock.until(MINUTE)
    expect(ben.requests).toHaveLength(1)
  })

  it('keeps the old list after the response of a captive portal', async () => {
    const { clock, ana } = setUp(naive)
    ana.perform(message('ana-1', 'hello'))
    await clock.until(SECOND)
    ana.network = respond(PORTAL_PAGE)
    ana.perform(refresh('ana-2'))
    await clock.until(MINUTE)
    expect(await ana.screen()).toEqual(['hello'])
  })

  it('refuses deletes and notes', async () => {
    const { ana } = setUp(naive)
    expect(await ana.perform(remove('ana-1', 'ana-1')).saved).toHaveProperty('refused')
    const note = { type: 'create', opId: 'ana-2', collection: 'notes', record: 'n1' } as const
    expect(await ana.perform({ ...note, content: { text: '' } }).saved).toHaveProperty('refused')
  })
})
