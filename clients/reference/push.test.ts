import { describe, expect, it } from 'vitest'
import type { HttpRequest, HttpResponse } from '../../harness/core/ports/http.ts'
import { edit, message, refresh, remove } from '../../harness/testing/actions.ts'
import type { LocalServer } from '../../harness/testing/local-server.ts'
import {
  delayResponse,
  fail,
  hang,
  healthy,
  json,
  loseResponse,
  type Network,
  PORTAL_PAGE,
} from '../../harness/testing/network.ts'
import { itemsOf, onPush, outcomeOf, pushesOf, setUp, setUpPhones } from './testing/setup.ts'

/** Responds to each pull with an empty page, so that only push responses have an effect. */
const emptyPulls =
  (server: LocalServer): Network =>
  (request, forward) =>
    request.path === '/push'
      ? forward()
      : json(200, { epoch: server.dump().epoch, changes: [], next: 0, more: false })

describe('push requests', () => {
  it('retries with the same idempotency key, a deadline and an attempt number', async () => {
    const { clock, server, ana } = await setUpPhones()
    ana.network = onPush(fail('reset'))
    ana.perform(message('a'))
    await clock.advance(2_000)
    ana.network = onPush(hang)
    await clock.advance(30_000)
    ana.network = healthy
    await clock.advance(60_000)
    const items = pushesOf(ana).flatMap(itemsOf)
    expect(items.length).toBeGreaterThan(2)
    expect(new Set(items.map(({ key }) => key)).size).toBe(1)
    expect(items[0]?.key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/)
    expect(pushesOf(ana).map(({ about }) => about)).toEqual(
      items.map(({ key }, i) => [{ key, attempt: i + 1 }]),
    )
    expect(ana.requests.every(({ deadline }) => deadline === 15_000)).toBe(true)
    expect(server.commits()).toHaveLength(1)
  })

  it('continues to count attempts after a kill', async () => {
    const { clock, ana } = await setUpPhones()
    ana.network = onPush(hang)
    ana.perform(message('a'))
    await clock.advance(1_000)
    ana.kill()
    ana.network = healthy
    ana.start()
    await clock.advance(1_000)
    expect(pushesOf(ana).map(({ about }) => about?.[0]?.attempt)).toEqual([1, 2])
    expect(await ana.screen()).toEqual(['a sent'])
  })

  it('pushes writes made together in one batch', async () => {
    const { clock, ana } = await setUpPhones()
    for (const opId of ['a', 'b', 'c']) ana.perform(message(opId))
    await clock.advance(1_000)
    expect(pushesOf(ana).map((request) => itemsOf(request).length)).toEqual([3])
  })

  it('pushes a write made during another push without a further action', async () => {
    const { clock, ana } = await setUpPhones()
    ana.network = delayResponse(clock, 3_000)
    ana.perform(message('a'))
    await clock.advance(2_000)
    ana.perform(message('b'))
    await clock.advance(6_000)
    expect(await ana.screen()).toEqual(['a sent', 'b sent'])
    expect(pushesOf(ana)).toHaveLength(2)
  })
})

describe('a push response', () => {
  it('keeps a newer edit pending and rebases it on the acknowledged version', async () => {
    const { clock, server, ana } = await setUpPhones()
    let release: (() => void) | undefined
    ana.network = async (request, forward) => {
      const response = await emptyPulls(server)(request, forward)
      if (request.path === '/push' && !release)
        await new Promise<void>((resolve) => {
          release = resolve
        })
      return response
    }
    ana.perform(message('a'))
    await clock.advance(100)
    ana.perform(edit('a2', 'a'))
    ana.perform(edit('a3', 'a'))
    release?.()
    await clock.advance(1)
    expect(await ana.screen()).toEqual(['a3 pending'])
    await clock.advance(1_000)
    expect(await ana.screen()).toEqual(['a3 sent'])
    expect(
      pushesOf(ana)
        .flatMap(itemsOf)
        .map(({ type, rev, base }) => ({ type, rev, base })),
    ).toEqual([
      { type: 'create', rev: 1, base: 0 },
      { type: 'update', rev: 2, base: 1 },
      { type: 'update', rev: 3, base: 2 },
    ])
  })

  const asJson = { ...PORTAL_PAGE, headers: { 'content-type': 'application/json' } }
  const invalid: Record<string, Network> = {
    'captive portal': () => PORTAL_PAGE,
    'captive portal with the content type of JSON': () => asJson,
    'JSON with another content type': async (_request, forward) => ({
      ...(await forward()),
      headers: { 'content-type': 'text/plain' },
    }),
    'empty body': () => ({ ...asJson, body: '' }),
    'no results': () => json(200, { epoch: 'e', results: [] }),
    'another key': (request) =>
      json(200, {
        epoch: 'e',
        results: [{ key: 'x', rev: itemsOf(request)[0]?.rev, outcome: 'applied' }],
      }),
    'another revision': async (_request, forward) => changed(await forward(), { rev: 9 }),
    'unknown outcome': async (_request, forward) => changed(await forward(), { outcome: 'fine' }),
    'applied without the record': async (_request, forward) =>
      changed(await forward(), { outcome: 'applied', current: undefined }),
    'another record': async (_request, forward) => {
      const response = await forward()
      return { ...response, body: response.body.replaceAll('record-a', 'record-x') }
    },
    'status 201': async (_request, forward) => ({ ...(await forward()), status: 201 }),
    'proxy error 403': () => ({ ...PORTAL_PAGE, status: 403, body: 'Forbidden' }),
    'proxy error 403 in JSON': () => json(403, { message: 'Forbidden' }),
    'gateway error 403 like ours': () => json(403, { error: 'Forbidden' }),
    'gateway error 404 like ours': () => json(404, { error: 'no such path', epoch: 'e' }),
    'server error 500': () => json(500, { error: 'oops' }),
    'in progress 409': () => json(409, { error: 'in progress' }),
    'expired token 401': () => json(401, { error: 'token expired' }),
  }
  it.each(Object.entries(invalid))(
    'ignores an invalid push response (%s) and keeps the message pending',
    async (_, network) => {
      const { clock, server, ana } = await setUpPhones()
      ana.network = (request, forward) =>
        request.path === '/push' ? network(request, forward) : hang()
      ana.perform(message('a'))
      await clock.advance(900)
      expect(await ana.screen()).toEqual(['a pending'])
      expect(await ana.view()).toMatchObject({ pending: 1, failed: 0, conflicts: [] })
      expect(ana.events.map(({ type }) => type).filter((type) => type !== 'cursorSaved')).toEqual([
        'localCommit',
      ])
      ana.network = healthy
      await clock.advance(120_000)
      expect(await ana.screen()).toEqual(['a sent'])
      expect(server.commits()).toHaveLength(1)
    },
  )

  it.each([
    [429, '30', 30_000],
    [503, 'Thu, 01 Jan 2026 08:01:00 GMT', 59_000],
  ])('waits for the Retry-After of a response with status %i', async (status, header, waitMs) => {
    const { clock, ana } = await setUpPhones()
    ana.network = onPush(() => json(status, { error: 'busy' }, { 'retry-after': header }))
    ana.perform(message('a'))
    await clock.advance(100)
    ana.network = healthy
    ana.perform(refresh('r'))
    await clock.advance(waitMs - 200)
    expect(pushesOf(ana)).toHaveLength(1)
    await clock.advance(5_000)
    expect(await ana.screen()).toEqual(['a sent'])
  })

  it('acknowledges a reported conflict if the current version is the own write', async () => {
    const { clock, server, ana, phone } = await setUpPhones()
    ana.network = emptyPulls(server)
    ana.perform(message('a'))
    await clock.advance(900)
    const again = phone('again', { network: onPush(loseResponse) })
    again.start()
    again.perform(message('b'))
    await clock.advance(100)
    again.network = async (request, forward) =>
      changed(
        await emptyPulls(server)(request, forward),
        { outcome: 'conflict', reason: 'an earlier stamp loses' },
        request.path,
      )
    await clock.advance(60_000)
    expect(await again.view()).toMatchObject({ pending: 0, conflicts: [] })
  })
})

describe('a rejection', () => {
  it.each([400, 403, 404, 413, 422])(
    'parks the invalid write of a refused batch (status %i) and sends the others',
    async (status) => {
      const { clock, server, ana } = await setUpPhones()
      ana.network = onPush((request, forward) =>
        itemsOf(request).some((item) => 'content' in item && item.content.text === 'poison')
          ? json(status, { error: 'no', epoch: server.dump().epoch })
          : forward(),
      )
      for (let i = 0; i < 20; i++) ana.perform(message(`m${i}`, i === 13 ? 'poison' : `text ${i}`))
      await clock.advance(5_000)
      expect((await ana.screen()).filter((row) => !row.endsWith('sent'))).toEqual(['poison failed'])
      expect(server.commits()).toHaveLength(19)
      expect(pushesOf(ana).length).toBeLessThan(20)
      expect(await ana.view()).toMatchObject({ pending: 0, failed: 1, allSynced: false })
      expect((await ana.view()).outbox).toMatchObject([
        { state: 'failed', content: { text: 'poison' } },
      ])
      await ana.restart()
      expect(await ana.screen()).toContain('poison failed')
      await clock.advance(60_000)
      ana.perform(message('later'))
      await clock.advance(5_000)
      expect(await ana.screen()).toContain('later sent')
      // The rejection is final: the write is not retried.
      expect(
        pushesOf(ana)
          .flatMap(itemsOf)
          .filter(({ record }) => record === 'record-m13').length,
      ).toBeLessThan(8)
    },
  )

  it.each<[string, Network]>([
    ['', healthy],
    [
      ', though no pull has come as far as its creation',
      (request, forward) => (request.path === '/push' ? forward() : hang()),
    ],
  ])('removes a record whose deletion is acknowledged without its state%s', async (_, before) => {
    const { clock, server, ana } = await setUpPhones()
    ana.network = before
    ana.perform(message('a'))
    await clock.advance(20_000)
    ana.network = (request) =>
      request.path === '/push' ? json(200, echo(server, request, 'duplicate')) : hang()
    ana.perform(remove('removal', 'a'))
    await clock.advance(60_000)
    expect(await ana.view()).toMatchObject({ rows: [], outbox: [] })
  })

  it('keeps a record that was pulled after the acknowledged deletion was sent', async () => {
    const { clock, server, ana, ben } = await setUpPhones()
    ana.perform(message('a'))
    await clock.advance(20_000)
    ana.network = async (request, forward) => {
      if (request.path !== '/push') return forward()
      await forward()
      ben.perform(refresh('r'))
      await clock.advance(1_000)
      ben.perform(message('a', 'again'))
      await clock.advance(1_000)
      ana.perform(refresh('r2'))
      await clock.advance(1_000)
      return json(200, echo(server, request, 'duplicate'))
    }
    ana.perform(remove('removal', 'a'))
    await clock.advance(60_000)
    expect(await ana.screen()).toEqual(['again sent'])
  })

  it('parks a rejected edit, and shows a later successful edit on top of it', async () => {
    const { clock, server, ana } = await setUpPhones()
    ana.perform(message('a'))
    await clock.advance(1_000)
    ana.network = onPush((request) =>
      changed(json(200, echo(server, request, 'rejected')), { reason: 'too rude' }),
    )
    const settled = outcomeOf(ana, edit('rude', 'a'))
    await clock.advance(1_000)
    expect(await settled).toBe('rejected')
    expect(await ana.screen()).toEqual(['rude failed'])
    ana.network = healthy
    ana.perform(edit('polite', 'a'))
    await clock.advance(1_000)
    expect(await ana.screen()).toEqual(['polite sent'])
    expect(await ana.view()).toMatchObject({
      failed: 1,
      outbox: [{ content: { text: 'rude' }, state: 'failed' }],
    })
  })

  it('shows the row of a rejected deletion again, marked as failed', async () => {
    const { clock, server, ana } = await setUpPhones()
    ana.perform(message('a'))
    await clock.advance(1_000)
    ana.network = onPush((request) => json(200, echo(server, request, 'rejected')))
    ana.perform(remove('gone', 'a'))
    expect(await ana.screen()).toEqual([])
    await clock.advance(1_000)
    expect(await ana.screen()).toEqual(['a failed'])
  })

  it('keeps the losing text of a conflict in view().conflicts, also after a restart', async () => {
    const { clock, phone } = setUp({ policy: 'server-wins' })
    const [ben, cleo] = [phone('ben'), phone('cleo')]
    ben.start()
    cleo.start()
    ben.perform(message('a'))
    await clock.advance(20_000)
    cleo.network = fail('refused')
    const settled = outcomeOf(cleo, edit('mine', 'a'))
    ben.perform(edit('yours', 'a'))
    await clock.advance(5_000)
    cleo.network = healthy
    await clock.advance(60_000)
    expect(await settled).toBe('conflict')
    await cleo.restart()
    expect(await cleo.screen()).toEqual(['yours sent'])
    expect((await cleo.view()).conflicts).toEqual([
      {
        collection: 'messages',
        record: 'record-a',
        content: { conversation: 'main', text: 'mine' },
      },
    ])
    expect(cleo.events).toContainEqual(
      expect.objectContaining({ type: 'ackApplied', outcome: 'conflict', cleared: true }),
    )
  })
})

/** A response body that gives every item of the push this outcome. */
function echo(server: LocalServer, request: HttpRequest, outcome: string) {
  const { epoch } = server.dump()
  return { epoch, results: itemsOf(request).map(({ key, rev }) => ({ key, rev, outcome })) }
}

/** The same response with a change in each of its results. */
function changed(response: HttpResponse, change: object, path = '/push'): HttpResponse {
  if (path !== '/push') return response
  const body = JSON.parse(response.body) as { epoch: string; results: object[] }
  const results = body.results.map((result) => ({ ...result, ...change }))
  return { ...response, body: JSON.stringify({ ...body, results }) }
}
