import { beforeEach, describe, expect, it } from 'vitest'
import { VirtualClock } from '../../harness/core/ports/virtual-clock.ts'
import { Backend } from './testing/server.ts'
import { type Answerer, edit, erase, fail, hang, message, Phone } from './testing/stage.ts'

let clock: VirtualClock
let server: Backend
let ana: Phone
let ben: Phone

beforeEach(async () => {
  clock = new VirtualClock()
  server = new Backend(clock)
  ana = new Phone(clock, server.answer)
  ben = new Phone(clock, server.answer, { name: 'ben' })
  ana.start()
  ben.start()
  await clock.advance(1_000)
})

describe('a message', () => {
  it('shows at once with a clock, then with a check, then on the other phone', async () => {
    const saved = ana.perform(message('hi'))
    expect(ana.screen()).toEqual(['hi pending'])
    expect(await saved).toEqual({ durable: true })
    await clock.advance(1_000)
    expect(ana.screen()).toEqual(['hi sent'])
    await clock.advance(20_000)
    expect(ben.screen()).toEqual(['hi sent'])
    expect(ben.view()).toMatchObject({ allSynced: true, pending: 0, failed: 0 })
    expect(server.commits()).toHaveLength(1)
  })

  it('can be edited and deleted by anybody, and is gone everywhere then', async () => {
    void ana.perform(message('hi'))
    await clock.advance(20_000)
    void ben.perform(edit('hello', 'hi'))
    await clock.advance(20_000)
    expect(ana.screen()).toEqual(['hello sent'])
    void ana.perform(erase('gone', 'hi'))
    expect(ana.screen()).toEqual([])
    await clock.advance(20_000)
    expect(ben.screen()).toEqual([])
  })

  it('is refused where the person could not have done it', async () => {
    void ana.perform(message('hi'))
    expect(await ana.perform(message('hi'))).toEqual({ refused: 'there is record-hi already' })
    expect(await ben.perform(edit('x', 'hi'))).toEqual({ refused: 'there is no record-hi here' })
    expect(await ben.perform(erase('x', 'hi'))).toEqual({ refused: 'there is no record-hi here' })
  })

  it('stays in its place when it is edited', async () => {
    for (const op of ['a', 'b', 'c']) void ana.perform(message(op))
    await clock.advance(20_000)
    void ben.perform(edit('a2', 'a'))
    await clock.advance(20_000)
    expect(ana.screen()).toEqual(['a2 sent', 'b sent', 'c sent'])
  })
})

describe('without a network', () => {
  const tunnel: Answerer = fail('refused')

  it('a message waits through a kill and goes out by itself', async () => {
    ana.answer = tunnel
    void ana.perform(message('hi'))
    ana.kill()
    await clock.advance(60_000)
    ana.answer = server.answer
    ana.start()
    expect(ana.screen()).toEqual(['hi pending'])
    await clock.advance(10)
    expect(ana.screen()).toEqual(['hi sent'])
  })

  it('goes out as soon as the system says that the network is back', async () => {
    ana.answer = tunnel
    ana.connectivity.set({ online: false })
    void ana.perform(message('hi'))
    await clock.advance(3_600_000)
    ana.answer = server.answer
    ana.connectivity.set({ online: true })
    await clock.advance(10)
    expect(ana.screen()).toEqual(['hi sent'])
  })

  it('goes out within the promised time when the system never says so', async () => {
    ana.answer = tunnel
    ana.connectivity.set({ online: false })
    void ana.perform(message('hi'))
    await clock.advance(4 * 3_600_000)
    ana.answer = server.answer
    await clock.advance(60_000)
    expect(ana.screen()).toEqual(['hi sent'])
  })

  it('goes out within the promised time after hours of lie-fi', async () => {
    ana.answer = hang
    void ana.perform(message('hi'))
    await clock.advance(4 * 3_600_000 + 7_000)
    ana.answer = server.answer
    await clock.advance(60_000)
    expect(ana.screen()).toEqual(['hi sent'])
  })

  it('rows look the same before and after a kill', async () => {
    void ana.perform(message('sent'))
    await clock.advance(1_000)
    ana.answer = tunnel
    void ana.perform(message('waiting'))
    void ana.perform(edit('edited', 'sent'))
    const { allSynced: _, ...before } = ana.view()
    ana.kill()
    ana.start()
    expect(ana.view()).toMatchObject(before)
  })
})

it('says no when the disk does not take it', async () => {
  const full = new Phone(clock, server.answer, { name: 'full' })
  full.start()
  await clock.advance(1_000)
  full.diskFull = true
  expect(await full.perform(message('hi'))).toEqual({ refused: 'could not be saved: disk full' })
  expect(full.screen()).toEqual([])
})

it('orders an edit after the one it was made on, however wrong the clocks are', async () => {
  const slow = new Phone(clock, server.answer, { name: 'slow' })
  slow.skew = -365 * 86_400_000
  slow.start()
  void ana.perform(message('hi'))
  await clock.advance(20_000)
  void slow.perform(edit('later', 'hi'))
  const [, stamp] = [...ana.events, ...slow.events].flatMap((event) =>
    event.type === 'localCommit' ? [event.stamp ?? ''] : [],
  )
  const [first] = ana.events.flatMap((event) =>
    event.type === 'localCommit' ? [event.stamp ?? ''] : [],
  )
  expect(stamp && first && stamp > first).toBe(true)
})

it('does nothing any more once it is stopped', async () => {
  ana.stop()
  const { length } = ana.requests
  void ana.perform(message('hi'))
  ana.connectivity.set({ online: false })
  ana.connectivity.set({ online: true })
  await clock.advance(600_000)
  expect(ana.requests).toHaveLength(length)
  expect(ana.screen()).toEqual(['hi pending'])
})
