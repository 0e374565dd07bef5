import { describe, expect, it } from 'vitest'
import { cancel, edit, message, remove } from '../../harness/testing/actions.ts'
import {
  fail,
  hang,
  healthy,
  json,
  loseResponse,
  type Network,
} from '../../harness/testing/network.ts'
import { itemsOf, onPush, outcomeOf, setUpPhones } from './testing/setup.ts'

describe('a cancellation', () => {
  it('removes a cancelled message that was not sent', async () => {
    const { clock, server, ana } = await setUpPhones()
    ana.network = fail('refused')
    ana.perform(message('a'))
    ana.perform(edit('a2', 'a'))
    await clock.advance(10_000)
    expect(await ana.perform(cancel('t', 'a')).saved).toEqual({ durable: true })
    expect(await ana.view()).toMatchObject({ rows: [], outbox: [], pending: 0 })
    ana.network = healthy
    await clock.advance(120_000)
    expect(server.commits()).toEqual([])
  })

  it('deletes a message cancelled in flight once its arrival is confirmed', async () => {
    const { clock, server, ana } = await setUpPhones()
    ana.network = loseResponse
    ana.perform(message('a'))
    await clock.advance(100)
    const settled = outcomeOf(ana, cancel('t', 'a'))
    expect(await ana.screen()).toEqual([])
    expect((await ana.view()).pending).toBe(1)
    ana.network = healthy
    await clock.advance(60_000)
    expect(await settled).toBe('acked')
    expect(server.rows()).toEqual([])
    expect(server.commits().map(({ write, base }) => ({ write, base }))).toEqual([
      { write: 'create', base: 0 },
      { write: 'delete', base: 1 },
    ])
    expect(await ana.view()).toMatchObject({ rows: [], outbox: [], allSynced: true })
  })

  it('deletes a cancelled message after a kill, also if a pull returns it first', async () => {
    const { clock, server, ana } = await setUpPhones()
    const handleAndHang: Network = async (_request, forward) => {
      await forward()
      return hang()
    }
    ana.network = (request, forward) =>
      request.path === '/push' ? handleAndHang(request, forward) : hang()
    ana.perform(message('a'))
    await clock.advance(100)
    ana.perform(cancel('t', 'a'))
    ana.network = (request, forward) =>
      itemsOf(request)[0]?.type === 'create' ? hang() : forward()
    await ana.restart()
    expect(await ana.screen()).toEqual([])
    await clock.advance(60_000)
    expect(server.rows()).toEqual([])
    expect(await ana.view()).toMatchObject({ rows: [], outbox: [] })
  })

  it('sends and then deletes a cancelled message that may have arrived', async () => {
    const { clock, server, ana } = await setUpPhones()
    ana.network = hang
    ana.perform(message('a'))
    await clock.advance(100)
    ana.perform(cancel('t', 'a'))
    ana.network = healthy
    await clock.advance(100_000)
    expect(server.rows()).toEqual([])
  })

  it('removes a cancelled message if the server rejects it', async () => {
    const { clock, server, ana } = await setUpPhones()
    ana.network = hang
    ana.perform(message('a'))
    await clock.advance(100)
    ana.perform(cancel('t', 'a'))
    ana.network = onPush(() => json(403, { error: 'no', epoch: server.dump().epoch }))
    await clock.advance(100_000)
    expect(await ana.view()).toMatchObject({ rows: [], outbox: [], failed: 0, allSynced: true })
  })

  it('restores the former text if a pending edit is cancelled', async () => {
    const { clock, ana } = await setUpPhones()
    ana.perform(message('a'))
    await clock.advance(1_000)
    ana.network = fail('refused')
    ana.perform(edit('a2', 'a'))
    expect(await ana.perform(cancel('t', 'a2')).saved).toEqual({ durable: true })
    expect(await ana.screen()).toEqual(['a sent'])
  })

  it('refuses to cancel sent writes, edits in flight, and the same message twice', async () => {
    const { clock, ana } = await setUpPhones()
    ana.perform(message('a'))
    await clock.advance(1_000)
    expect(await ana.perform(cancel('t1', 'a')).saved).toEqual({
      refused: 'a has been sent already',
    })
    ana.network = hang
    ana.perform(edit('a2', 'a'))
    ana.perform(message('b'))
    await clock.advance(100)
    expect(await ana.perform(cancel('t2', 'a2')).saved).toEqual({
      refused: 'a2 may have been sent already',
    })
    expect(await ana.perform(cancel('t3', 'b')).saved).toEqual({ durable: true })
    expect(await ana.perform(cancel('t4', 'b')).saved).toEqual({
      refused: 'b is being taken back',
    })
    expect(await ana.perform(message('b', 'again')).saved).toEqual({
      refused: 'record-b is being taken back',
    })
  })

  it('discards a failed message when it is cancelled', async () => {
    const { clock, server, ana } = await setUpPhones()
    const { epoch } = server.dump()
    ana.network = onPush(() => json(413, { error: 'too large', epoch }))
    ana.perform(message('a'))
    await clock.advance(1_000)
    expect(await ana.perform(remove('removal', 'a')).saved).toEqual({
      refused: 'record-a was never sent: discard it instead',
    })
    expect(await ana.screen()).toEqual(['a failed'])
    expect(await ana.perform(cancel('t', 'a')).saved).toEqual({ durable: true })
    expect(await ana.view()).toMatchObject({ rows: [], outbox: [], failed: 0 })
  })
})
