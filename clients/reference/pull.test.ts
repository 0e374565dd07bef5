import { describe, expect, it } from 'vitest'
import { sleep } from '../../harness/core/ports/clock.ts'
import type { HttpResponse } from '../../harness/core/ports/http.ts'
import { edit, message, refresh, remove } from '../../harness/testing/actions.ts'
import {
  fail,
  hang,
  healthy,
  json,
  type Network,
  PORTAL_PAGE,
} from '../../harness/testing/network.ts'
import type { Phone } from '../../harness/testing/phone.ts'
import type { RecordState } from '../../server-stub/protocol/item.ts'
import { eventsOf, onPush, pushesOf, setUp, setUpPhones } from './testing/setup.ts'

/** Responds to the pulls in turn, to all later ones with the last; pushes hang. */
function script(...pulls: Network[]): Network {
  let next = 0
  return (request, forward) => {
    if (request.path === '/push') return hang()
    const network = pulls[Math.min(next++, pulls.length - 1)] as Network
    return network(request, forward)
  }
}

/** A phone whose pulls follow the script. */
function setUpScripted(...pulls: Network[]) {
  const { clock, phone } = setUp()
  const cleo = phone('cleo', { network: script(...pulls) })
  cleo.start()
  return { clock, cleo }
}

/** Delays the responses to the requests whose path `isLate` selects. */
const late =
  (isLate: (path: string) => boolean, wait: () => Promise<void>): Network =>
  async (request, forward) => {
    const response = await forward()
    if (isLate(request.path)) await wait()
    return response
  }
const isPush = (path: string) => path === '/push'
const isPull = (path: string) => path !== '/push'

/** A record as a page of changes contains it. */
const state = (record: string, seq: number, more: Partial<RecordState> = {}): RecordState => ({
  collection: 'messages',
  record,
  version: 1,
  deleted: false,
  content: { conversation: 'main', text: record },
  stamp: `000000000000001:00000:x`,
  author: 'x',
  seq,
  ...more,
})
const page = (
  changes: RecordState[],
  more = false,
  next = changes.at(-1)?.seq ?? 0,
  epoch = 'e',
): HttpResponse => json(200, { epoch, changes, next, more })
const cursors = (phone: Phone) => eventsOf(phone, 'cursorSaved')

describe('a pull', () => {
  it('pulls at boot and then every 12 to 15 seconds, with jitter', async () => {
    const { clock, ana } = await setUpPhones()
    await clock.advance(120_000)
    const at = ana.requests.map((request) => request.at)
    const gaps = at.slice(1).map((time, i) => time - (at[i] as number))
    expect(Math.max(...gaps)).toBeLessThanOrEqual(15_000)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(12_000)
    expect(new Set(gaps).size).toBe(gaps.length)
  })

  it('pulls while a push hangs', async () => {
    const { clock, ana, ben } = await setUpPhones()
    ana.network = onPush(hang)
    ana.perform(message('a'))
    ben.perform(message('b'))
    await clock.advance(16_000)
    expect(await ana.screen()).toEqual(['b sent', 'a pending'])
  })

  it('pulls at once after a refresh', async () => {
    const { clock, ana, ben } = await setUpPhones()
    ben.perform(message('b'))
    await clock.advance(2_000)
    ana.perform(refresh('r'))
    await clock.advance(10)
    expect(await ana.screen()).toEqual(['b sent'])
  })

  it('keeps a pending edit on top of a pulled version and does not change its base', async () => {
    const { clock, ana, ben } = await setUpPhones()
    ben.perform(message('b'))
    await clock.advance(20_000)
    ana.network = onPush(fail('refused'))
    ana.perform(edit('mine', 'b'))
    ben.perform(edit('yours', 'b'))
    await clock.advance(20_000)
    expect(await ana.screen()).toEqual(['mine pending'])
    expect((await ana.view()).rows[0]?.version).toBe(2)
    expect(JSON.parse(pushesOf(ana).at(-1)?.body ?? '').items[0].base).toBe(1)
  })

  it('does not rebase an edit that was made on a pending edit', async () => {
    const { clock, ana, ben } = await setUpPhones({ policy: 'server-wins' })
    ben.perform(message('b'))
    await clock.advance(20_000)
    ana.network = onPush(fail('refused'))
    ana.perform(edit('mine', 'b'))
    ben.perform(edit('yours', 'b'))
    await clock.advance(20_000)
    ana.perform(edit('mine too', 'b'))
    ana.network = healthy
    await clock.advance(60_000)
    expect(await ana.screen()).toEqual(['yours sent'])
    expect((await ana.view()).conflicts?.map(({ content }) => content.text)).toEqual([
      'mine',
      'mine too',
    ])
  })

  it('acknowledges a pulled own write before its push response arrives, exactly once', async () => {
    const { clock, ana } = await setUpPhones()
    ana.network = late(isPush, () => new Promise(() => {}))
    ana.perform(message('a'))
    await clock.advance(10)
    ana.perform(refresh('r'))
    await clock.advance(10)
    expect(await ana.screen()).toEqual(['a sent'])
    expect(await ana.view()).toMatchObject({ pending: 0, outbox: [] })
    ana.network = healthy
    await clock.advance(100_000)
    expect(pushesOf(ana)).toHaveLength(1)
    expect(ana.events.filter((event) => event.type === 'ackApplied')).toHaveLength(1)
  })

  it('ignores a late push response to a write that a pull has acknowledged', async () => {
    const { clock, ana } = await setUpPhones()
    ana.network = late(isPush, () => sleep(clock, 5_000))
    ana.perform(message('a'))
    await clock.advance(10)
    ana.perform(refresh('r'))
    await clock.advance(10)
    ana.perform(edit('a2', 'a'))
    await clock.advance(5_000)
    expect(await ana.screen()).toEqual(['a2 pending'])
    expect(ana.events.filter((event) => event.type === 'ackApplied')).toHaveLength(1)
    expect((await ana.view()).conflicts).toEqual([])
    await clock.advance(20_000)
    expect(await ana.screen()).toEqual(['a2 sent'])
  })

  it('keeps a pulled deletion despite a late push response', async () => {
    const { clock, server, ana, ben } = await setUpPhones()
    ana.network = late(isPush, () => sleep(clock, 5_000))
    ana.perform(message('a'))
    await clock.advance(10)
    ben.perform(refresh('r'))
    await clock.advance(10)
    ben.perform(remove('removal', 'a'))
    await clock.advance(10)
    ana.perform(refresh('r'))
    await clock.advance(20_000)
    expect(server.rows()).toEqual([])
    expect(await ana.view()).toMatchObject({ rows: [], outbox: [], allSynced: true })
  })

  it('applies changes page by page and saves the cursor of each', async () => {
    const { clock, cleo } = setUpScripted(
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
    cleo.network = script(() => page([], false, 3))
    await cleo.restart()
    await clock.advance(10)
    expect(cleo.requests.at(-1)?.path).toBe('/changes?epoch=e&after=3&limit=200')
    expect(await cleo.view()).toMatchObject({ allSynced: true })
  })

  it('withdraws the claim allSynced if a pull fails', async () => {
    const { clock, ana } = await setUpPhones()
    expect((await ana.view()).allSynced).toBe(true)
    ana.network = fail('timeout')
    await clock.advance(20_000)
    expect((await ana.view()).allSynced).toBe(false)
  })

  it('writes nothing if a pull brings no news', async () => {
    const { clock, ana } = await setUpPhones()
    await clock.advance(300_000)
    expect(cursors(ana)).toHaveLength(1)
  })
})

describe('a pull response', () => {
  const first = () => page([state('a', 1)])
  const invalid: Record<string, Network> = {
    'captive portal': () => PORTAL_PAGE,
    'body cut short': () => ({
      ...page([state('b', 2)]),
      body: page([state('b', 2)]).body.slice(0, 40),
    }),
    'empty object': () => json(200, {}),
    'rows out of order': () => page([state('c', 3), state('b', 2)], false, 3),
    'rows before the cursor': () => page([state('b', 1)], false, 2),
    'cursor behind its rows': () => page([state('b', 2)], false, 1),
    'more without rows': () => page([], true, 1),
    'not found 404': () => json(404, { error: 'no such path' }),
    'proxy error 410': () => ({ status: 410, headers: {}, body: '' }),
    'server error 500': () => json(500, { error: 'oops' }),
  }
  it.each(Object.entries(invalid))(
    'ignores an invalid pull response (%s) and keeps the cursor',
    async (_, network) => {
      const { clock, cleo } = setUpScripted(first, network)
      await clock.advance(120_000)
      expect(await cleo.screen()).toEqual(['a sent'])
      expect(cursors(cleo)).toHaveLength(1)
      expect(cleo.requests.length).toBeGreaterThan(3)
      expect(cleo.requests.length).toBeLessThan(40)
    },
  )
})

describe('a row of a page that cannot be read', () => {
  const invalid: Record<string, unknown> = {
    'without content': state('b', 2, { content: undefined as never }),
    'without a version': { ...state('b', 2), version: undefined },
    'without names': { seq: 2 },
    'that is no object': null,
  }
  const withRow = (row: unknown) =>
    page([state('a', 1), row as RecordState, state('c', 3)], false, 3)
  const cases = Object.entries(invalid)

  it.each(cases)('does not stop the others or later pages: %s', async (_, row) => {
    const { clock, cleo } = setUpScripted(({ path }) => {
      if (path.includes('after=0')) return withRow(row)
      return path.includes('after=3') ? page([state('d', 4)]) : page([], false, 4)
    })
    await clock.advance(10)
    expect(await cleo.screen()).toEqual(['a sent', 'c sent'])
    expect((await cleo.view()).allSynced).toBe(false)
    await clock.advance(40_000)
    expect(await cleo.screen()).toContain('d sent')
    expect((await cleo.view()).allSynced).toBe(false)
  })

  it('is read again every 30 seconds, until it is whole; the cursor stays', async () => {
    const broken = withRow(invalid['without a version'])
    const whole = page([state('a', 1), state('b', 2), state('c', 3)])
    let row = broken
    const { clock, cleo } = setUpScripted(({ path }) =>
      path.includes('after=3') ? page([], false, 3) : row,
    )
    await clock.advance(100_000)
    const rereads = () => cleo.requests.filter(({ path }) => path.includes('after=0')).length
    expect(rereads()).toBeGreaterThan(2)
    expect(rereads()).toBeLessThan(6)
    row = whole
    await cleo.restart()
    await clock.advance(1_000)
    expect(await cleo.screen()).toEqual(['a sent', 'b sent', 'c sent'])
    expect((await cleo.view()).allSynced).toBe(true)
    const before = rereads()
    await clock.advance(100_000)
    expect(rereads()).toBe(before)
    expect(cursors(cleo).map(({ cursor }) => cursor)).toEqual([3])
  })

  it('is repaired by a later page with the record', async () => {
    const { clock, cleo } = setUpScripted(
      () => withRow(invalid['without a version']),
      // The page is read again at the first chance after the cursor was saved.
      () => withRow(invalid['without a version']),
      () => page([state('b', 4)]),
      () => page([], false, 4),
    )
    await clock.advance(20_000)
    expect(await cleo.screen()).toEqual(['a sent', 'c sent', 'b sent'])
    expect((await cleo.view()).allSynced).toBe(true)
  })

  it.each(cases)('keeps a record that it may be about in a resync: %s', async (_, row) => {
    const { clock, cleo } = setUpScripted(
      () => page([state('a', 1), state('b', 2), state('c', 3)]),
      () => json(410, { error: 'resync', epoch: 'f' }),
      () => json(200, { epoch: 'f', changes: [state('a', 1), row], next: 2, more: false }),
      () => json(200, { epoch: 'f', changes: [state('a', 1), row], next: 2, more: false }),
      () => page([], false, 2, 'f'),
    )
    await clock.advance(20_000)
    expect(await cleo.screen()).toContain('b sent')
    expect((await cleo.view()).allSynced).toBe(false)
  })

  it('lets a resync delete what is missing once a row without names is whole', async () => {
    const { clock, cleo } = setUpScripted(
      () => page([state('a', 1), state('b', 2), state('c', 3)]),
      () => json(410, { error: 'resync', epoch: 'f' }),
      () => json(200, { epoch: 'f', changes: [state('a', 1), null], next: 2, more: false }),
      () => page([state('a', 1), state('b', 2)], false, 2, 'f'),
      () => page([state('a', 1), state('b', 2)], false, 2, 'f'),
      () => page([], false, 2, 'f'),
    )
    await clock.advance(40_000)
    expect(await cleo.screen()).toEqual(['a sent', 'b sent'])
    expect((await cleo.view()).allSynced).toBe(true)
  })
})

describe('a resync', () => {
  it('resyncs in a new epoch: drops missing records at its end, keeps pending writes', async () => {
    const { clock, cleo } = setUpScripted(
      () => page([state('a', 1), state('b', 2), state('z', 3)]),
      () => json(410, { error: 'resync', epoch: 'f' }),
      () => page([state('b', 1)], true, 1, 'f'),
      hang,
      () => page([state('c', 2, { version: 5 })], false, 2, 'f'),
      () => page([], false, 2, 'f'),
    )
    await clock.advance(10)
    cleo.perform({
      type: 'update',
      opId: 'mine',
      collection: 'messages',
      record: 'z',
      content: { conversation: 'main', text: 'mine' },
    })
    await clock.advance(15_003)
    expect(await cleo.screen()).toEqual(['a sent', 'b sent', 'mine pending'])
    await clock.advance(20_000)
    expect(await cleo.screen()).toEqual(['b sent', 'c sent', 'mine pending'])
    expect(cursors(cleo)).toMatchObject([
      { epoch: 'e', cursor: 3, complete: true, full: true },
      { epoch: 'f', cursor: 1, complete: false, full: true },
      { epoch: 'f', cursor: 2, complete: true, full: true },
    ])
  })

  it('continues a resync after a kill at the saved cursor', async () => {
    const { clock, cleo } = setUpScripted(() => page([state('a', 1), state('b', 2)]))
    await clock.advance(10)
    cleo.network = script(
      () => json(410, { error: 'resync', epoch: 'f' }),
      () => page([state('b', 1)], true, 1, 'f'),
      hang,
    )
    await clock.advance(15_000)
    cleo.kill()
    expect(cleo.requests.at(-1)?.path).toBe('/changes?epoch=f&after=1&limit=200&full=1')
    cleo.network = script(() => page([], false, 4, 'f'))
    cleo.start()
    await clock.advance(10)
    expect(await cleo.screen()).toEqual(['b sent'])
  })

  it('keeps a write that was pushed while the page of a resync was in flight', async () => {
    const { clock, phone } = setUp()
    const cleo = phone('cleo', { network: late(isPull, () => sleep(clock, 3_000)) })
    cleo.start()
    await clock.advance(100)
    cleo.perform(message('a'))
    await clock.advance(1_000)
    expect(await cleo.screen()).toEqual(['a sent'])
    await clock.advance(2_500)
    expect(await cleo.screen()).toEqual(['a sent'])
    expect(cursors(cleo)).toHaveLength(1)
  })

  it('resyncs after a push response of a new epoch, and drops the old page', async () => {
    const { clock, cleo } = setUpScripted(
      () => page([state('a', 1)]),
      async () => {
        await sleep(clock, 5_000)
        return page([state('old', 2)])
      },
      () => page([state('record-m', 1, { version: 1 })], false, 1, 'f'),
    )
    await clock.advance(16_000)
    const pulls = cleo.network
    cleo.network = (request, forward) => {
      if (request.path !== '/push') return pulls(request, forward)
      const [{ key, rev }] = JSON.parse(request.body ?? '').items
      return json(200, {
        epoch: 'f',
        results: [{ key, rev, outcome: 'applied', current: state('record-m', 1, { key }) }],
      })
    }
    cleo.perform(message('m'))
    await clock.advance(20_000)
    expect(await cleo.screen()).toEqual(['record-m sent'])
    expect(cursors(cleo).map(({ epoch }) => epoch)).toEqual(['e', 'f'])
  })

  it('ignores an earlier commit of the same epoch', async () => {
    const { clock, ana, ben } = await setUpPhones()
    let release: (() => void) | undefined
    ana.perform(message('a'))
    await clock.advance(20_000)
    const untilReleased = () =>
      new Promise<void>((resolve) => {
        release = resolve
      })
    ben.network = late(isPull, untilReleased)
    ana.perform(edit('a2', 'a'))
    await clock.advance(20_000)
    ben.perform(edit('b3', 'a'))
    await clock.advance(1_000)
    const before = (await ben.view()).rows
    release?.()
    await clock.advance(5)
    expect(before).toMatchObject([{ content: { text: 'b3' }, version: 3 }])
    expect((await ben.view()).rows).toEqual(before)
  })

  it('shows a second life of a record whose versions start at 1 again', async () => {
    const { clock, cleo } = setUpScripted(
      () => page([state('a', 1)]),
      () => page([state('a', 2, { version: 2, deleted: true, content: undefined as never })]),
      () => page([state('a', 3, { version: 1, content: { text: 'again' } })]),
    )
    await clock.advance(60_000)
    expect(await cleo.screen()).toEqual(['again sent'])
  })

  it('keeps the version of a deleted record, so that the record can be created again', async () => {
    const { clock, ana } = await setUpPhones()
    ana.perform(message('a'))
    await clock.advance(1_000)
    ana.perform(remove('removal', 'a'))
    await clock.advance(20_000)
    ana.perform(message('a', 'again'))
    await clock.advance(1_000)
    expect(await ana.screen()).toEqual(['again sent'])
    expect(eventsOf(ana, 'localCommit')).toMatchObject([
      { write: 'create', rev: 1, base: 0 },
      { write: 'delete', rev: 2, base: 1 },
      { write: 'create', rev: 3, base: 2 },
    ])
  })
})
