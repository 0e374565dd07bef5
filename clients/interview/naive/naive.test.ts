import { describe, expect, it } from 'vitest'
import { sleep } from '../../../harness/core/ports/clock.ts'
import { VirtualClock } from '../../../harness/core/ports/virtual-clock.ts'
import dedup from '../../../server-stub/variants/dedup.ts'
import { answering, down, lostAck, MINUTE, Phone, SECOND, serverOn } from '../testing/phone.ts'
import naive from './index.ts'

function town() {
  const clock = new VirtualClock()
  const server = serverOn(clock, dedup)
  return { clock, server, ana: new Phone('ana', clock, server, naive) }
}

describe('interview/naive', () => {
  it('sends at once on a good network and shows what the server lists', async () => {
    const { clock, server, ana } = town()
    const { saved, settled } = ana.send('ana-1', 'hello')
    await clock.until(SECOND)
    expect(await saved).toEqual({ durable: false })
    expect(await settled).toEqual({ outcome: 'acked' })
    expect(await ana.screen()).toEqual(['hello'])
    expect(server.dump().rows).toMatchObject([{ collection: 'messages', author: 'ana' }])
  })

  it('loses what is sent in the tunnel: no row, no second try', async () => {
    const { clock, server, ana } = town()
    ana.network = down
    ana.send('ana-1', 'in the tunnel')
    await clock.until(MINUTE)
    ana.network = (_request, forward) => forward()
    await clock.until(60 * MINUTE)
    expect(await ana.screen()).toEqual([])
    expect(ana.posts()).toHaveLength(1)
    expect(server.dump().rows).toEqual([])
  })

  it('takes every tap on send for taken care of, whatever becomes of it', async () => {
    const { clock, ana } = town()
    ana.network = answering(503, '')
    const { saved, settled } = ana.send('ana-1', 'hello')
    const told: unknown[] = []
    settled?.then((end) => told.push(end))
    await clock.until(MINUTE)
    expect(await saved).toEqual({ durable: false })
    expect(told).toEqual([])
  })

  it('shows the message while the call is under way, and gives up after 10 seconds', async () => {
    const { clock, ana } = town()
    ana.network = () => new Promise(() => {})
    ana.send('ana-1', 'hello')
    await clock.until(9 * SECOND)
    expect(await ana.screen()).toEqual(['hello'])
    await clock.until(11 * SECOND)
    expect(await ana.screen()).toEqual([])
  })

  it('takes a message for lost that did arrive', async () => {
    const { clock, server, ana } = town()
    ana.network = lostAck
    ana.send('ana-1', 'hello')
    await clock.until(MINUTE)
    expect(await ana.screen()).toEqual([])
    expect(server.dump().rows).toHaveLength(1)
  })

  it('forgets what was under way when the app dies', async () => {
    const { clock, server, ana } = town()
    ana.network = async (_request, forward) => {
      await sleep(clock, 5 * SECOND)
      return forward()
    }
    ana.send('ana-1', 'hello')
    ana.restart()
    expect(await ana.screen()).toEqual([])
    await clock.until(MINUTE)
    expect(server.dump().rows).toHaveLength(1)
    expect(await ana.screen()).toEqual(['hello'])
  })

  it("sees others' messages at its start and on refresh, and not before", async () => {
    const { clock, server, ana } = town()
    const ben = new Phone('ben', clock, server, naive)
    await clock.until(SECOND)
    ana.send('ana-1', 'hello')
    await clock.until(60 * MINUTE)
    expect(await ben.screen()).toEqual([])
    ben.perform({ type: 'refresh', op: 'ben-1' })
    await clock.until(61 * MINUTE)
    expect(await ben.screen()).toEqual(['hello'])
  })

  it('keeps the old list when a captive portal answers', async () => {
    const { clock, ana } = town()
    ana.send('ana-1', 'hello')
    await clock.until(SECOND)
    ana.network = answering(200, '<html>Welcome to Train Wi-Fi</html>')
    ana.perform({ type: 'refresh', op: 'ana-2' })
    await clock.until(MINUTE)
    expect(await ana.screen()).toEqual(['hello'])
  })

  it('refuses what it cannot do', async () => {
    const { ana } = town()
    expect(
      await ana.perform({ type: 'delete', op: 'ana-1', collection: 'messages', record: 'm1' }),
    ).toHaveProperty('refused')
    expect(
      await ana.perform({
        type: 'create',
        op: 'ana-2',
        collection: 'notes',
        record: 'n1',
        content: { text: '' },
      }),
    ).toHaveProperty('refused')
  })
})
