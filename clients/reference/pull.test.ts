import { beforeEach, describe, expect, it } from 'vitest'
import { VirtualClock } from '../../harness/core/ports/virtual-clock.ts'
import type { RecordState } from '../../server-stub/protocol/item.ts'
import { Backend } from './testing/server.ts'
import { type Answerer, edit, erase, fail, hang, json, message, Phone } from './testing/stage.ts'

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

/** A record as a server tells of it. */
const state = (record: string, seq: number, more: Partial<RecordState> = {}): RecordState => ({
  collection: 'messages',
  record,
  version: 1,
  deleted: false,
  content: { conversation: 'c', text: record },
  stamp: `000000000000001:00000:x`,
  author: 'x',
  seq,
  ...more,
})
const page = (changes: RecordState[], more = false, next = changes.at(-1)?.seq ?? 0, epoch = 'e') =>
  json(200, { epoch, changes, next, more })
/** Pulls are answered in turn, the last answer for ever; pushes hang. */
function script(...answers: Answerer[]): Answerer {
  let i = 0
  return (request) =>
    request.path === '/push'
      ? hang(request)
      : (answers[Math.min(i++, answers.length - 1)] as Answerer)(request)
}
const device = (...answers: Answerer[]) => {
  const phone = new Phone(clock, script(...answers), { name: 'cleo' })
  phone.start()
  return phone
}
const cursors = (phone: Phone) => phone.events.filter((event) => event.type === 'cursorSaved')

describe('a pull', () => {
  it('comes at boot, then again and again, never at a fixed beat', async () => {
    await clock.advance(120_000)
    const at = ana.requests.map((request) => request.at)
    const gaps = at.slice(1).map((time, i) => time - (at[i] as number))
    expect(Math.max(...gaps)).toBeLessThanOrEqual(15_000)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(12_000)
    expect(new Set(gaps).size).toBe(gaps.length)
  })

  it('goes on whatever the outbox holds', async () => {
    ana.answer = (request) => (request.path === '/push' ? hang(request) : server.answer(request))
    void ana.perform(message('a'))
    void ben.perform(message('b'))
    await clock.advance(16_000)
    expect(ana.screen()).toEqual(['b sent', 'a pending'])
  })

  it('comes at once when the person asks for it', async () => {
    void ben.perform(message('b'))
    await clock.advance(2_000)
    void ana.perform({ type: 'refresh', op: 'r' })
    await clock.advance(10)
    expect(ana.screen()).toEqual(['b sent'])
  })

  it('leaves a pending edit on top, and what it was made on alone', async () => {
    void ben.perform(message('b'))
    await clock.advance(20_000)
    ana.answer = (request) =>
      request.path === '/push' ? fail('refused')(request) : server.answer(request)
    void ana.perform(edit('mine', 'b'))
    void ben.perform(edit('yours', 'b'))
    await clock.advance(20_000)
    expect(ana.screen()).toEqual(['mine pending'])
    expect(ana.view().rows[0]?.version).toBe(2)
    expect(JSON.parse(ana.pushes().at(-1)?.body ?? '').items[0].base).toBe(1)
  })

  it('under a pending edit does not lend its version to the next one, which was made on that edit', async () => {
    const strict = new Backend(clock, { policy: 'server-wins' })
    for (const phone of [ana, ben]) phone.answer = strict.answer
    void ben.perform(message('b'))
    await clock.advance(20_000)
    ana.answer = (request) =>
      request.path === '/push' ? fail('refused')(request) : strict.answer(request)
    void ana.perform(edit('mine', 'b'))
    void ben.perform(edit('yours', 'b'))
    await clock.advance(20_000)
    void ana.perform(edit('mine too', 'b'))
    ana.answer = strict.answer
    await clock.advance(60_000)
    expect(ana.screen()).toEqual(['yours sent'])
    expect(ana.view().conflicts?.map(({ content }) => content.text)).toEqual(['mine', 'mine too'])
  })

  it('that brings our own write before its answer ends it, once and for all', async () => {
    ana.answer = async (request) => {
      const response = await server.answer(request)
      return request.path === '/push' ? hang(request) : response
    }
    void ana.perform(message('a'))
    await clock.advance(10)
    void ana.perform({ type: 'refresh', op: 'r' })
    await clock.advance(10)
    expect(ana.screen()).toEqual(['a sent'])
    expect(ana.view()).toMatchObject({ pending: 0, outbox: [] })
    ana.answer = server.answer
    await clock.advance(100_000)
    expect(ana.pushes()).toHaveLength(1)
    expect(ana.events.filter((event) => event.type === 'ackApplied')).toHaveLength(1)
  })

  it('that was first leaves nothing for the late answer to a push to do', async () => {
    ana.answer = async (request) => {
      const response = await server.answer(request)
      if (request.path === '/push')
        await new Promise<void>((resolve) => clock.after(5_000, resolve))
      return response
    }
    void ana.perform(message('a'))
    await clock.advance(10)
    void ana.perform({ type: 'refresh', op: 'r' })
    await clock.advance(10)
    void ana.perform(edit('a2', 'a'))
    await clock.advance(5_000)
    expect(ana.screen()).toEqual(['a2 pending'])
    expect(ana.events.filter((event) => event.type === 'ackApplied')).toHaveLength(1)
    expect(ana.view().conflicts).toEqual([])
    await clock.advance(20_000)
    expect(ana.screen()).toEqual(['a2 sent'])
  })

  it('that overtook the answer to a push is not undone by it: what is gone stays gone', async () => {
    ana.answer = async (request) => {
      const response = await server.answer(request)
      if (request.path === '/push')
        await new Promise<void>((resolve) => clock.after(5_000, resolve))
      return response
    }
    void ana.perform(message('a'))
    await clock.advance(10)
    void ben.perform({ type: 'refresh', op: 'r' })
    await clock.advance(10)
    void ben.perform(erase('gone', 'a'))
    await clock.advance(10)
    void ana.perform({ type: 'refresh', op: 'r' })
    await clock.advance(20_000)
    expect(server.rows()).toEqual([])
    expect(ana.view()).toMatchObject({ rows: [], outbox: [], allSynced: true })
  })

  it('is done page by page, each with its cursor', async () => {
    const cleo = device(
      () => page([state('a', 1), state('b', 2)], true),
      () => page([state('c', 3)]),
    )
    await clock.advance(10)
    expect(cleo.requests.map(({ path }) => path)).toEqual([
      '/changes?after=0&limit=200',
      '/changes?epoch=e&after=2&limit=200&full=1',
    ])
    expect(cursors(cleo).map(({ cursor, complete, full }) => ({ cursor, complete, full }))).toEqual(
      [
        { cursor: 2, complete: false, full: true },
        { cursor: 3, complete: true, full: true },
      ],
    )
    cleo.kill()
    cleo.answer = script(() => page([], false, 3))
    cleo.start()
    await clock.advance(10)
    expect(cleo.requests.at(-1)?.path).toBe('/changes?epoch=e&after=3&limit=200')
    expect(cleo.view()).toMatchObject({ allSynced: true })
  })

  it('that failed leaves no claim that all is synced', async () => {
    expect(ana.view().allSynced).toBe(true)
    ana.answer = fail('timeout')
    await clock.advance(20_000)
    expect(ana.view().allSynced).toBe(false)
  })

  it('that brings nothing new writes nothing', async () => {
    await clock.advance(300_000)
    expect(cursors(ana)).toHaveLength(1)
  })
})

describe('an answer to a pull', () => {
  const first = () => page([state('a', 1)])
  const strange: Record<string, Answerer> = {
    'a captive portal': () => ({
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<html>',
    }),
    'a body cut short': () => ({
      ...page([state('b', 2)]),
      body: page([state('b', 2)]).body.slice(0, 40),
    }),
    'an empty object': () => json(200, {}),
    'a row without content': () => page([state('b', 2, { content: undefined as never })]),
    'rows out of order': () => page([state('c', 3), state('b', 2)], false, 3),
    'rows from before the cursor': () => page([state('b', 1)], false, 2),
    'a cursor behind its rows': () => page([state('b', 2)], false, 1),
    'more of nothing': () => page([], true, 1),
    'not found': () => json(404, { error: 'no such path' }),
    'a proxy’s gone': () => ({ status: 410, headers: {}, body: '' }),
    'a fault of the server': () => json(500, { error: 'oops' }),
  }
  it.each(Object.entries(strange))('that is none (%s) changes nothing', async (_, answer) => {
    const cleo = device(first, answer)
    await clock.advance(120_000)
    expect(cleo.screen()).toEqual(['a sent'])
    expect(cursors(cleo)).toHaveLength(1)
    expect(cleo.requests.length).toBeGreaterThan(3)
    expect(cleo.requests.length).toBeLessThan(40)
  })
})

describe('a resync', () => {
  it('follows a new epoch, removes what is missing at its end and not before, and keeps what is pending', async () => {
    const cleo = device(
      () => page([state('a', 1), state('b', 2), state('z', 3)]),
      () => json(410, { error: 'resync', epoch: 'f' }),
      () => page([state('b', 1)], true, 1, 'f'),
      hang,
      () => page([state('c', 2, { version: 5 })], false, 2, 'f'),
      () => page([], false, 2, 'f'),
    )
    await clock.advance(10)
    void cleo.perform({
      type: 'update',
      op: 'mine',
      collection: 'messages',
      record: 'z',
      content: { conversation: 'c', text: 'mine' },
    })
    await clock.advance(15_003)
    expect(cleo.screen()).toEqual(['a sent', 'b sent', 'mine pending'])
    await clock.advance(20_000)
    expect(cleo.screen()).toEqual(['b sent', 'c sent', 'mine pending'])
    expect(
      cursors(cleo).map(({ epoch, cursor, complete, full }) => [epoch, cursor, complete, full]),
    ).toEqual([
      ['e', 3, true, true],
      ['f', 1, false, true],
      ['f', 2, true, true],
    ])
  })

  it('goes on where a kill broke it off', async () => {
    const cleo = device(() => page([state('a', 1), state('b', 2)]))
    await clock.advance(10)
    cleo.answer = script(
      () => json(410, { error: 'resync', epoch: 'f' }),
      () => page([state('b', 1)], true, 1, 'f'),
      hang,
    )
    await clock.advance(15_000)
    cleo.kill()
    expect(cleo.requests.at(-1)?.path).toBe('/changes?epoch=f&after=1&limit=200&full=1')
    cleo.answer = script(() => page([], false, 4, 'f'))
    cleo.start()
    await clock.advance(10)
    expect(cleo.screen()).toEqual(['b sent'])
  })

  it('that a pushed write overtook does not take that write for missing', async () => {
    const cleo = new Phone(clock, async (request) => {
      const response = await server.answer(request)
      if (request.path !== '/push')
        await new Promise<void>((resolve) => clock.after(3_000, resolve))
      return response
    })
    cleo.start()
    await clock.advance(100)
    void cleo.perform(message('a'))
    await clock.advance(1_000)
    expect(cleo.screen()).toEqual(['a sent'])
    await clock.advance(2_500)
    expect(cleo.screen()).toEqual(['a sent'])
    expect(cursors(cleo)).toHaveLength(1)
  })

  it('is begun by a push that is answered in a new epoch, and drops the page of the old one', async () => {
    const cleo = device(
      () => page([state('a', 1)]),
      async () => {
        await new Promise<void>((resolve) => clock.after(5_000, resolve))
        return page([state('old', 2)])
      },
      () => page([state('record-m', 1, { version: 1 })], false, 1, 'f'),
    )
    await clock.advance(16_000)
    const pulls = cleo.answer
    cleo.answer = (request) => {
      if (request.path !== '/push') return pulls(request)
      const [{ key, rev }] = JSON.parse(request.body ?? '').items
      return json(200, {
        epoch: 'f',
        results: [{ key, rev, outcome: 'applied', current: state('record-m', 1, { key }) }],
      })
    }
    void cleo.perform(message('m'))
    await clock.advance(20_000)
    expect(cleo.screen()).toEqual(['record-m sent'])
    expect(cursors(cleo).map(({ epoch }) => epoch)).toEqual(['e', 'f'])
  })

  it('never takes a lower version of one epoch for news', async () => {
    const late: { release?: () => void } = {}
    void ana.perform(message('a'))
    await clock.advance(20_000)
    ben.answer = async (request) => {
      const response = await server.answer(request)
      if (request.path !== '/push')
        await new Promise<void>((resolve) => {
          late.release = resolve
        })
      return response
    }
    void ana.perform(edit('a2', 'a'))
    await clock.advance(20_000)
    void ben.perform(edit('b3', 'a'))
    await clock.advance(1_000)
    const before = ben.view().rows
    late.release?.()
    await clock.advance(5)
    expect(before).toMatchObject([{ content: { text: 'b3' }, version: 3 }])
    expect(ben.view().rows).toEqual(before)
  })

  it('keeps what is known of a deletion, which it does not tell of, so that the record can be made anew', async () => {
    void ana.perform(message('a'))
    await clock.advance(1_000)
    void ana.perform(erase('gone', 'a'))
    await clock.advance(20_000)
    void ana.perform(message('a', 'again'))
    await clock.advance(1_000)
    expect(ana.screen()).toEqual(['again sent'])
    expect(
      ana.events.flatMap((event) =>
        event.type === 'localCommit' ? [[event.write, event.rev, event.base]] : [],
      ),
    ).toEqual([
      ['create', 1, 0],
      ['delete', 2, 1],
      ['create', 3, 2],
    ])
  })
})
