import { beforeEach, describe, expect, it } from 'vitest'
import { VirtualClock } from '../../harness/core/ports/virtual-clock.ts'
import { Backend } from './testing/server.ts'
import {
  edit,
  erase,
  fail,
  hang,
  itemsOf,
  json,
  message,
  Phone,
  takeBack,
} from './testing/stage.ts'

let clock: VirtualClock
let server: Backend
let ana: Phone

beforeEach(async () => {
  clock = new VirtualClock()
  server = new Backend(clock)
  ana = new Phone(clock, server.answer)
  ana.start()
  await clock.advance(1_000)
})

describe('taking back', () => {
  it('a message that no server can have seen leaves no trace', async () => {
    ana.answer = fail('refused')
    void ana.perform(message('a'))
    void ana.perform(edit('a2', 'a'))
    await clock.advance(10_000)
    expect(await ana.perform(takeBack('t', 'a'))).toEqual({ durable: true })
    expect(ana.view()).toMatchObject({ rows: [], outbox: [], pending: 0 })
    ana.answer = server.answer
    await clock.advance(120_000)
    expect(server.commits()).toEqual([])
  })

  it('a message that may have been sent deletes it once it is known to have arrived', async () => {
    ana.answer = server.loseAnswer
    void ana.perform(message('a'))
    await clock.advance(100)
    const settled = ana.settled(takeBack('t', 'a'))
    expect(ana.screen()).toEqual([])
    expect(ana.view().pending).toBe(1)
    ana.answer = server.answer
    await clock.advance(60_000)
    expect(await settled).toBe('acked')
    expect(server.rows()).toEqual([])
    expect(server.commits().map(({ write, base }) => [write, base])).toEqual([
      ['create', 0],
      ['delete', 1],
    ])
    expect(ana.view()).toMatchObject({ rows: [], outbox: [], allSynced: true })
  })

  it('lasts through a kill, also when a pull brings the message first', async () => {
    ana.answer = async (request) => {
      if (request.path === '/push') {
        await server.answer(request)
        return hang(request)
      }
      return hang(request)
    }
    void ana.perform(message('a'))
    await clock.advance(100)
    void ana.perform(takeBack('t', 'a'))
    ana.kill()
    ana.answer = (request) =>
      request.path === '/push' && itemsOf(request)[0]?.type === 'create'
        ? hang(request)
        : server.answer(request)
    ana.start()
    expect(ana.screen()).toEqual([])
    await clock.advance(60_000)
    expect(server.rows()).toEqual([])
    expect(ana.view()).toMatchObject({ rows: [], outbox: [] })
  })

  it('a message that never arrived sends it and deletes it, since nobody can know that before', async () => {
    ana.answer = hang
    void ana.perform(message('a'))
    await clock.advance(100)
    void ana.perform(takeBack('t', 'a'))
    ana.answer = server.answer
    await clock.advance(100_000)
    expect(server.rows()).toEqual([])
  })

  it('a message that is then refused leaves nothing behind', async () => {
    ana.answer = hang
    void ana.perform(message('a'))
    await clock.advance(100)
    void ana.perform(takeBack('t', 'a'))
    ana.answer = (request) =>
      request.path === '/push' ? json(403, { error: 'no' }) : server.answer(request)
    await clock.advance(100_000)
    expect(ana.view()).toMatchObject({ rows: [], outbox: [], failed: 0, allSynced: true })
  })

  it('an edit that is still waiting brings back what it was made on', async () => {
    void ana.perform(message('a'))
    await clock.advance(1_000)
    ana.answer = fail('refused')
    void ana.perform(edit('a2', 'a'))
    expect(await ana.perform(takeBack('t', 'a2'))).toEqual({ durable: true })
    expect(ana.screen()).toEqual(['a sent'])
  })

  it('is refused for what has gone, what may have gone and is no new message, and what is being taken back', async () => {
    void ana.perform(message('a'))
    await clock.advance(1_000)
    expect(await ana.perform(takeBack('t1', 'a'))).toEqual({ refused: 'a has been sent already' })
    ana.answer = hang
    void ana.perform(edit('a2', 'a'))
    void ana.perform(message('b'))
    await clock.advance(100)
    expect(await ana.perform(takeBack('t2', 'a2'))).toEqual({
      refused: 'a2 may have been sent already',
    })
    expect(await ana.perform(takeBack('t3', 'b'))).toEqual({ durable: true })
    expect(await ana.perform(takeBack('t4', 'b'))).toEqual({ refused: 'b is being taken back' })
    expect(await ana.perform(message('b', 'anew'))).toEqual({
      refused: 'record-b is being taken back',
    })
  })

  it('a failed message discards it', async () => {
    ana.answer = (request) =>
      request.path === '/push' ? json(413, { error: 'too large' }) : server.answer(request)
    void ana.perform(message('a'))
    await clock.advance(1_000)
    expect(await ana.perform(erase('gone', 'a'))).toEqual({
      refused: 'record-a was never sent: discard it instead',
    })
    expect(ana.screen()).toEqual(['a failed'])
    expect(await ana.perform(takeBack('t', 'a'))).toEqual({ durable: true })
    expect(ana.view()).toMatchObject({ rows: [], outbox: [], failed: 0 })
  })
})
