import { describe, expect, it } from 'vitest'
import { edit, message, remove } from '../../harness/testing/actions.ts'
import { fail, hang, healthy } from '../../harness/testing/network.ts'
import { HOUR } from '../../harness/testing/phone.ts'
import { eventsOf, setUpPhones } from './testing/setup.ts'

describe('a message', () => {
  it('shows a message as pending at once, then as sent, then on the other phone', async () => {
    const { clock, server, ana, ben } = await setUpPhones()
    const saved = ana.perform(message('hi')).saved
    expect(await ana.screen()).toEqual(['hi pending'])
    expect(await saved).toEqual({ durable: true })
    await clock.advance(1_000)
    expect(await ana.screen()).toEqual(['hi sent'])
    await clock.advance(20_000)
    expect(await ben.screen()).toEqual(['hi sent'])
    expect(await ben.view()).toMatchObject({ allSynced: true, pending: 0, failed: 0 })
    expect(server.commits()).toHaveLength(1)
  })

  it('lets every user edit and delete a message, on all phones', async () => {
    const { clock, ana, ben } = await setUpPhones()
    ana.perform(message('hi'))
    await clock.advance(20_000)
    ben.perform(edit('hello', 'hi'))
    await clock.advance(20_000)
    expect(await ana.screen()).toEqual(['hello sent'])
    ana.perform(remove('removal', 'hi'))
    expect(await ana.screen()).toEqual([])
    await clock.advance(20_000)
    expect(await ben.screen()).toEqual([])
  })

  it('refuses to create an existing record, and to edit or delete a missing one', async () => {
    const { ana, ben } = await setUpPhones()
    ana.perform(message('hi'))
    expect(await ana.perform(message('hi')).saved).toEqual({
      refused: 'there is record-hi already',
    })
    expect(await ben.perform(edit('x', 'hi')).saved).toEqual({
      refused: 'there is no record-hi here',
    })
    expect(await ben.perform(remove('x', 'hi')).saved).toEqual({
      refused: 'there is no record-hi here',
    })
  })

  it('keeps the place of a message after an edit', async () => {
    const { clock, ana, ben } = await setUpPhones()
    for (const opId of ['a', 'b', 'c']) ana.perform(message(opId))
    await clock.advance(20_000)
    ben.perform(edit('a2', 'a'))
    await clock.advance(20_000)
    expect(await ana.screen()).toEqual(['a2 sent', 'b sent', 'c sent'])
  })

  it('shows a message at the place of its creation, though it was first seen edited', async () => {
    const { clock, ana, ben } = await setUpPhones()
    ben.network = fail('refused')
    for (const opId of ['a', 'b']) ana.perform(message(opId))
    await clock.advance(20_000)
    ana.perform(edit('a2', 'a'))
    await clock.advance(20_000)
    ben.network = healthy
    await clock.advance(60_000)
    expect(await ben.screen()).toEqual(['a2 sent', 'b sent'])
  })
})

describe('without a network', () => {
  const tunnel = fail('refused')

  it('keeps a pending message across a kill and sends it by itself', async () => {
    const { clock, ana } = await setUpPhones()
    ana.network = tunnel
    ana.perform(message('hi'))
    ana.kill()
    await clock.advance(60_000)
    ana.network = healthy
    ana.start()
    expect(await ana.screen()).toEqual(['hi pending'])
    await clock.advance(10)
    expect(await ana.screen()).toEqual(['hi sent'])
  })

  it('sends as soon as the connectivity signal reports online', async () => {
    const { clock, ana } = await setUpPhones()
    ana.network = tunnel
    ana.connectivity.set({ online: false })
    ana.perform(message('hi'))
    await clock.advance(HOUR)
    ana.network = healthy
    ana.connectivity.set({ online: true })
    await clock.advance(10)
    expect(await ana.screen()).toEqual(['hi sent'])
  })

  it('sends within the recovery time without a connectivity signal', async () => {
    const { clock, ana } = await setUpPhones()
    ana.network = tunnel
    ana.connectivity.set({ online: false })
    ana.perform(message('hi'))
    await clock.advance(4 * HOUR)
    ana.network = healthy
    await clock.advance(60_000)
    expect(await ana.screen()).toEqual(['hi sent'])
  })

  it('sends within the recovery time after hours of lie-fi', async () => {
    const { clock, ana } = await setUpPhones()
    ana.network = hang
    ana.perform(message('hi'))
    await clock.advance(4 * HOUR + 7_000)
    ana.network = healthy
    await clock.advance(60_000)
    expect(await ana.screen()).toEqual(['hi sent'])
  })

  it('shows the same rows before and after a kill', async () => {
    const { clock, ana } = await setUpPhones()
    ana.perform(message('sent'))
    await clock.advance(1_000)
    ana.network = tunnel
    ana.perform(message('waiting'))
    ana.perform(edit('edited', 'sent'))
    const { allSynced: _, ...before } = await ana.view()
    await ana.restart()
    expect(await ana.view()).toMatchObject(before)
  })
})

it('refuses an action that cannot be saved because the disk is full', async () => {
  const { clock, phone } = await setUpPhones()
  const full = phone('full')
  full.start()
  await clock.advance(1_000)
  full.diskFull = true
  expect(await full.perform(message('hi')).saved).toEqual({
    refused: 'could not be saved: disk full',
  })
  expect(await full.screen()).toEqual([])
})

it('stamps an edit later than its base, even if the wall clock is a year behind', async () => {
  const { clock, phone, ana } = await setUpPhones()
  const slow = phone('slow')
  slow.skewMs = -365 * 24 * HOUR
  slow.start()
  ana.perform(message('hi'))
  await clock.advance(20_000)
  slow.perform(edit('later', 'hi'))
  const [created] = eventsOf(ana, 'localCommit')
  const [edited] = eventsOf(slow, 'localCommit')
  expect(edited?.stamp && created?.stamp && edited.stamp > created.stamp).toBe(true)
})

it('sends no request after stop', async () => {
  const { clock, ana } = await setUpPhones()
  ana.stop()
  const { length } = ana.requests
  ana.perform(message('hi'))
  ana.connectivity.set({ online: false })
  ana.connectivity.set({ online: true })
  await clock.advance(600_000)
  expect(ana.requests).toHaveLength(length)
  expect(await ana.screen()).toEqual(['hi pending'])
})
