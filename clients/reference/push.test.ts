import { beforeEach, describe, expect, it } from 'vitest'
import { VirtualClock } from '../../harness/core/ports/virtual-clock.ts'
import { Backend } from './testing/server.ts'
import {
  type Answerer,
  edit,
  erase,
  fail,
  hang,
  itemsOf,
  json,
  message,
  Phone,
} from './testing/stage.ts'

let clock: VirtualClock
let server: Backend
let ana: Phone
/** Pulls are answered, pushes as the test says. */
const pushes =
  (answer: Answerer): Answerer =>
  (request) =>
    request.path === '/push' ? answer(request) : server.answer(request)
const hidden = (): Answerer => (request) =>
  request.path === '/push'
    ? server.answer(request)
    : json(200, { epoch: 'e', changes: [], next: 0, more: false })

beforeEach(async () => {
  clock = new VirtualClock()
  server = new Backend(clock)
  ana = new Phone(clock, server.answer)
  ana.start()
  await clock.advance(1_000)
})

describe('what is sent', () => {
  it('is tried again with the same key, with a deadline, and says which attempt it is', async () => {
    ana.answer = pushes(fail('reset'))
    void ana.perform(message('a'))
    await clock.advance(2_000)
    ana.answer = pushes(hang)
    await clock.advance(30_000)
    ana.answer = server.answer
    await clock.advance(60_000)
    const items = ana.pushes().flatMap(itemsOf)
    expect(items.length).toBeGreaterThan(2)
    expect(new Set(items.map(({ key }) => key)).size).toBe(1)
    expect(items[0]?.key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/)
    expect(ana.pushes().map(({ about }) => about)).toEqual(
      items.map(({ key }, i) => [{ key, attempt: i + 1 }]),
    )
    expect(ana.requests.every(({ deadline }) => deadline === 15_000)).toBe(true)
    expect(server.commits()).toHaveLength(1)
  })

  it('counts attempts through a kill', async () => {
    ana.answer = pushes(hang)
    void ana.perform(message('a'))
    await clock.advance(1_000)
    ana.kill()
    ana.answer = server.answer
    ana.start()
    await clock.advance(1_000)
    expect(ana.pushes().map(({ about }) => about?.[0]?.attempt)).toEqual([1, 2])
    expect(ana.screen()).toEqual(['a sent'])
  })

  it('goes in one request when it was written together', async () => {
    for (const op of ['a', 'b', 'c']) void ana.perform(message(op))
    await clock.advance(1_000)
    expect(ana.pushes().map((request) => itemsOf(request).length)).toEqual([3])
  })

  it('follows without another tap when it was written while a push was on its way', async () => {
    ana.answer = async (request) => {
      const response = await server.answer(request)
      await new Promise<void>((resolve) => clock.after(3_000, resolve))
      return response
    }
    void ana.perform(message('a'))
    await clock.advance(2_000)
    void ana.perform(message('b'))
    await clock.advance(6_000)
    expect(ana.screen()).toEqual(['a sent', 'b sent'])
    expect(ana.pushes()).toHaveLength(2)
  })
})

describe('an answer', () => {
  it('to an edit leaves a newer edit pending, and moves it on to the version it brings', async () => {
    let release: (() => void) | undefined
    ana.answer = async (request) => {
      const response = await hidden()(request)
      if (request.path === '/push' && !release)
        await new Promise<void>((resolve) => {
          release = resolve
        })
      return response
    }
    void ana.perform(message('a'))
    await clock.advance(100)
    void ana.perform(edit('a2', 'a'))
    void ana.perform(edit('a3', 'a'))
    release?.()
    await clock.advance(1)
    expect(ana.screen()).toEqual(['a3 pending'])
    await clock.advance(1_000)
    expect(ana.screen()).toEqual(['a3 sent'])
    expect(
      ana
        .pushes()
        .flatMap(itemsOf)
        .map(({ type, rev, base }) => ({ type, rev, base })),
    ).toEqual([
      { type: 'create', rev: 1, base: 0 },
      { type: 'update', rev: 2, base: 1 },
      { type: 'update', rev: 3, base: 2 },
    ])
  })

  const portal = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }
  const strange: Record<string, Answerer> = {
    'a captive portal': () => portal,
    'a captive portal that calls itself JSON': () => ({
      ...portal,
      headers: { 'content-type': 'application/json' },
    }),
    'JSON of another type': async (request) => ({
      ...(await server.answer(request)),
      headers: { 'content-type': 'text/plain' },
    }),
    'an empty body': () => ({
      ...portal,
      headers: { 'content-type': 'application/json' },
      body: '',
    }),
    'no results': () => json(200, { epoch: 'e', results: [] }),
    'another key': (request) =>
      json(200, {
        epoch: 'e',
        results: [{ key: 'x', rev: itemsOf(request)[0]?.rev, outcome: 'applied' }],
      }),
    'another revision': async (request) => changed(await server.answer(request), { rev: 9 }),
    'an unknown outcome': async (request) =>
      changed(await server.answer(request), { outcome: 'fine' }),
    'applied, but not what': async (request) =>
      changed(await server.answer(request), { outcome: 'applied', current: undefined }),
    'another record': async (request) => {
      const answer = await server.answer(request)
      return { ...answer, body: answer.body.replaceAll('record-a', 'record-x') }
    },
    'status 201': async (request) => ({ ...(await server.answer(request)), status: 201 }),
    'a proxy that forbids': () => ({
      status: 403,
      headers: { 'content-type': 'text/html' },
      body: 'Forbidden',
    }),
    'a proxy that forbids in JSON of its own': () => json(403, { message: 'Forbidden' }),
    'a fault of the server': () => json(500, { error: 'oops' }),
    'already being carried out': () => json(409, { error: 'in progress' }),
    'sign in again': () => json(401, { error: 'token expired' }),
  }
  it.each(Object.entries(strange))(
    'that is none (%s) changes nothing but the count of attempts',
    async (_, answer) => {
      ana.answer = (request) => (request.path === '/push' ? answer(request) : hang(request))
      void ana.perform(message('a'))
      await clock.advance(900)
      expect(ana.screen()).toEqual(['a pending'])
      expect(ana.view()).toMatchObject({ pending: 1, failed: 0, conflicts: [] })
      expect(ana.events.map(({ type }) => type).filter((type) => type !== 'cursorSaved')).toEqual([
        'localCommit',
      ])
      ana.answer = server.answer
      await clock.advance(120_000)
      expect(ana.screen()).toEqual(['a sent'])
      expect(server.commits()).toHaveLength(1)
    },
  )

  it.each([
    [429, '30', 30_000],
    [503, 'Thu, 01 Jan 2026 08:01:00 GMT', 59_000],
  ])('of status %i with Retry-After is obeyed', async (status, header, wait) => {
    ana.answer = pushes(() => json(status, { error: 'busy' }, { 'retry-after': header }))
    void ana.perform(message('a'))
    await clock.advance(100)
    ana.answer = server.answer
    void ana.perform({ type: 'refresh', op: 'r' })
    await clock.advance(wait - 200)
    expect(ana.pushes()).toHaveLength(1)
    await clock.advance(5_000)
    expect(ana.screen()).toEqual(['a sent'])
  })

  it('that recognises a repeated write as the one that stands is not a conflict, whatever the server calls it', async () => {
    ana.answer = hidden()
    void ana.perform(message('a'))
    await clock.advance(900)
    const again = new Phone(clock, pushes(server.loseAnswer))
    again.start()
    void again.perform(message('b'))
    await clock.advance(100)
    again.answer = async (request) =>
      changed(
        await hidden()(request),
        { outcome: 'conflict', reason: 'an earlier stamp loses' },
        request.path,
      )
    await clock.advance(60_000)
    expect(again.view()).toMatchObject({ pending: 0, conflicts: [] })
  })
})

describe('a refusal', () => {
  it.each([400, 403, 404, 413, 422])(
    'of a whole batch (%i) is narrowed down to the one write at fault, and the rest goes on',
    async (status) => {
      ana.answer = pushes((request) =>
        itemsOf(request).some((item) => 'content' in item && item.content.text === 'poison')
          ? json(status, { error: 'no' })
          : server.answer(request),
      )
      for (let i = 0; i < 20; i++)
        void ana.perform(message(`m${i}`, i === 13 ? 'poison' : `text ${i}`))
      await clock.advance(5_000)
      expect(ana.screen().filter((row) => !row.endsWith('sent'))).toEqual(['poison failed'])
      expect(server.commits()).toHaveLength(19)
      expect(ana.pushes().length).toBeLessThan(20)
      expect(ana.view()).toMatchObject({ pending: 0, failed: 1, allSynced: false })
      expect(ana.view().outbox).toMatchObject([{ state: 'failed', content: { text: 'poison' } }])
      ana.kill()
      ana.start()
      expect(ana.screen()).toContain('poison failed')
      await clock.advance(60_000)
      void ana.perform(message('later'))
      await clock.advance(5_000)
      expect(ana.screen()).toContain('later sent')
      // Parked for good: it is not tried again.
      expect(
        ana
          .pushes()
          .flatMap(itemsOf)
          .filter(({ record }) => record === 'record-m13').length,
      ).toBeLessThan(8)
    },
  )

  it('of one item parks it with its reason; a later edit that succeeds stands on top', async () => {
    void ana.perform(message('a'))
    await clock.advance(1_000)
    ana.answer = async (request) =>
      request.path === '/push'
        ? changed(await json(200, echo(request, 'rejected')), { reason: 'too rude' })
        : server.answer(request)
    const settled = ana.settled(edit('rude', 'a'))
    await clock.advance(1_000)
    expect(await settled).toBe('rejected')
    expect(ana.screen()).toEqual(['rude failed'])
    ana.answer = server.answer
    void ana.perform(edit('polite', 'a'))
    await clock.advance(1_000)
    expect(ana.screen()).toEqual(['polite sent'])
    expect(ana.view()).toMatchObject({
      failed: 1,
      outbox: [{ content: { text: 'rude' }, state: 'failed' }],
    })
  })

  it('of a deletion brings the row back, marked', async () => {
    void ana.perform(message('a'))
    await clock.advance(1_000)
    ana.answer = pushes((request) => json(200, echo(request, 'rejected')))
    void ana.perform(erase('gone', 'a'))
    expect(ana.screen()).toEqual([])
    await clock.advance(1_000)
    expect(ana.screen()).toEqual(['a failed'])
  })

  it('of a conflict keeps the losing text within reach, through a restart', async () => {
    const clash = new Backend(clock, { policy: 'server-wins' })
    const [ben, cleo] = [
      new Phone(clock, clash.answer, { name: 'ben' }),
      new Phone(clock, clash.answer, { name: 'cleo' }),
    ]
    ben.start()
    cleo.start()
    void ben.perform(message('a'))
    await clock.advance(20_000)
    cleo.answer = fail('refused')
    const settled = cleo.settled(edit('mine', 'a'))
    void ben.perform(edit('yours', 'a'))
    await clock.advance(5_000)
    cleo.answer = clash.answer
    await clock.advance(60_000)
    expect(await settled).toBe('conflict')
    cleo.kill()
    cleo.start()
    expect(cleo.screen()).toEqual(['yours sent'])
    expect(cleo.view().conflicts).toEqual([
      { collection: 'messages', record: 'record-a', content: { conversation: 'c', text: 'mine' } },
    ])
    expect(cleo.events).toContainEqual(
      expect.objectContaining({ type: 'ackApplied', outcome: 'conflict', cleared: true }),
    )
  })
})

function echo(request: Parameters<typeof itemsOf>[0], outcome: string) {
  return { epoch: 'e', results: itemsOf(request).map(({ key, rev }) => ({ key, rev, outcome })) }
}

function changed(
  response: { status: number; headers: Readonly<Record<string, string>>; body: string },
  change: object,
  path = '/push',
) {
  if (path !== '/push') return response
  const answer = JSON.parse(response.body) as { epoch: string; results: object[] }
  return {
    ...response,
    body: JSON.stringify({
      ...answer,
      results: answer.results.map((result) => ({ ...result, ...change })),
    }),
  }
}
