import { expect, it } from 'vitest'
import { VirtualClock } from '../../harness/core/ports/virtual-clock.ts'
import { Backend } from './testing/server.ts'
import { Phone } from './testing/stage.ts'

it('shows a message at once with a clock, then with a check, then on the other phone', async () => {
  const clock = new VirtualClock()
  const server = new Backend(clock)
  const ana = new Phone(clock, server.answer)
  const ben = new Phone(clock, server.answer, { name: 'ben' })
  ana.start()
  ben.start()
  await clock.advance(1000)
  const saved = ana.perform({
    type: 'create',
    op: 'ana-1',
    collection: 'messages',
    record: 'm1',
    content: { conversation: 'c', text: 'hi' },
  })
  expect(ana.screen()).toEqual(['hi pending'])
  expect(await saved).toEqual({ durable: true })
  await clock.advance(1000)
  expect(ana.screen()).toEqual(['hi sent'])
  await clock.advance(20_000)
  expect(ben.screen()).toEqual(['hi sent'])
  expect(ben.view()).toMatchObject({ allSynced: true, pending: 0, failed: 0 })
  expect(server.commits()).toHaveLength(1)
})
