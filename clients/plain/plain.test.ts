import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../harness/core/ports/virtual-clock.ts'
import { findingsOf } from '../../harness/core/result.ts'
import type { Scenario } from '../../harness/core/scenario.ts'
import { allEffects } from '../../harness/effects/testing/effects.ts'
import { allInvariants } from '../../harness/invariants/testing/all.ts'
import { allToxics } from '../../harness/link/testing/toxics.ts'
import { reasonNotPlayable } from '../../harness/run/playable.ts'
import { runScenario } from '../../harness/run/run.ts'
import { edit, message, refresh, remove } from '../../harness/testing/actions.ts'
import { LocalServer } from '../../harness/testing/local-server.ts'
import {
  delayResponse,
  fail,
  hang,
  healthy,
  json,
  loseResponse,
  type Network,
  PORTAL_PAGE,
  respond,
} from '../../harness/testing/network.ts'
import { Phone } from '../../harness/testing/phone.ts'
import { simWorld } from '../../harness/worlds/sim/index.ts'
import dedup from '../../server-stub/variants/dedup.ts'
import plain from './index.ts'

async function setUp() {
  const clock = new VirtualClock()
  const server = new LocalServer(dedup, { clock })
  const [ana, ben] = [
    new Phone(plain, { server, name: 'ana' }),
    new Phone(plain, { server, name: 'ben' }),
  ]
  await Promise.all([ana.start(), ben.start()])
  await clock.advance(1_000)
  return { clock, server, ana, ben }
}

/** Applies the script to writes only; lists reach the server. */
const onWrite =
  (network: Network): Network =>
  (request, forward) =>
    request.method === 'GET' ? forward() : network(request, forward)

const writesOf = (phone: Phone) => phone.requests.filter(({ method }) => method !== 'GET')
const keysOf = (phone: Phone) => writesOf(phone).map(({ headers }) => headers?.['idempotency-key'])

describe('plain', () => {
  it('shows a message at once, and the others see it within 10 seconds', async () => {
    const { clock, server, ana, ben } = await setUp()
    const { saved, settled } = ana.perform(message('a'))
    expect(await ana.screen()).toEqual(['a pending'])
    await clock.advance(10_000)
    expect([await saved, await settled]).toEqual([{ durable: true }, { outcome: 'acked' }])
    expect(await ana.screen()).toEqual(['a sent'])
    expect(await ben.screen()).toEqual(['a sent'])
    expect(server.rows()).toEqual(['record-a a'])
  })

  it('sends one request at a time, in the order written', async () => {
    const { clock, server, ana } = await setUp()
    let underWay = 0
    let most = 0
    ana.network = async (request, forward) => {
      most = Math.max(most, ++underWay)
      const response = await delayResponse(clock, 3_000)(request, forward)
      underWay--
      return response
    }
    for (const opId of ['a', 'b', 'c']) ana.perform(message(opId))
    ana.perform(refresh('r'))
    ana.perform(edit('b2', 'b'))
    await clock.advance(60_000)
    expect(most).toBe(1)
    expect(server.commits().map(({ key }) => key)).toEqual(keysOf(ana))
    expect(await ana.screen()).toEqual(['a sent', 'b2 sent', 'c sent'])
  })

  it.each([
    ['a lost ack', loseResponse],
    ['a request that hangs', hang],
    ['a refused connection', fail('refused')],
    ['a broken connection', fail('reset')],
    ['the page of a captive portal', respond(PORTAL_PAGE)],
    ['the result of another message', respond(json(201, { id: 'other', timestamp: 1 }))],
    ["a gateway's 403", respond(json(403, { error: 'Forbidden' }))],
    ["a gateway's 404", respond(json(404, { error: 'no such path' }))],
    ['an expired token', respond(json(401, { error: 'token expired' }))],
    ['a busy server', respond(json(503, { error: 'busy' }))],
  ] as [string, Network][])('sends again, with the same key, after %s', async (_, network) => {
    const { clock, server, ana, ben } = await setUp()
    ana.perform(message('old'))
    ana.perform(message('old2'))
    await clock.advance(12_000)
    ana.network = onWrite(network)
    ana.perform(message('a'))
    ana.perform(edit('old!', 'old'))
    ana.perform(remove('removal', 'old2'))
    await clock.advance(70_000)
    expect(await ana.screen()).toEqual(['old! pending', 'a pending'])
    ana.network = healthy
    await clock.advance(plain.capabilities.recovery)
    expect(await ana.screen()).toEqual(['old! sent', 'a sent'])
    await clock.advance(20_000)
    expect(await ben.screen()).toEqual(['old! sent', 'a sent'])
    expect(server.commits()).toHaveLength(5)
    expect(new Set(keysOf(ana)).size).toBe(5)
    expect(ana.requests.every(({ deadline }) => deadline === 15_000)).toBe(true)
  })

  it('reads the list while the server cannot take a write', async () => {
    const { clock, ana, ben } = await setUp()
    ana.network = onWrite(respond(json(500, { error: 'oops' })))
    ana.perform(message('a'))
    ben.perform(message('b'))
    await clock.advance(60_000)
    expect(await ana.screen()).toEqual(['b sent', 'a pending'])
  })

  it('backs off up to 30 seconds, and waits as long as Retry-After asks for', async () => {
    const { clock, ana } = await setUp()
    ana.network = fail('refused')
    ana.perform(message('a'))
    await clock.advance(600_000)
    const gaps = writesOf(ana).map(({ at }, i, all) => at - (all[i - 1]?.at ?? at))
    expect(writesOf(ana).length).toBeLessThan(45)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30_000)
    ana.network = respond(json(429, { error: 'slow down' }, { 'retry-after': '120' }))
    await clock.advance(30_000)
    const before = ana.requests.length
    ana.network = healthy
    ana.perform(refresh('r'))
    await clock.advance(80_000)
    expect(ana.requests).toHaveLength(before)
    await clock.advance(60_000)
    expect(await ana.screen()).toEqual(['a sent'])
  })

  it('sends at once when the phone is online again', async () => {
    const { clock, ana } = await setUp()
    ana.network = fail('refused')
    ana.connectivity.set({ online: false })
    ana.perform(message('a'))
    await clock.advance(300_000)
    ana.network = healthy
    ana.connectivity.set({ online: true })
    await clock.advance(100)
    expect(await ana.screen()).toEqual(['a sent'])
  })

  it.each(
    [...Array(9).keys()].flatMap((skip) => [[skip, 'before'] as const, [skip, 'after'] as const]),
  )('does everything once after a kill at commit %i (%s it)', async (skip, moment) => {
    const { clock, server, ana } = await setUp()
    ana.perform(message('a'))
    ana.perform(message('b'))
    await clock.advance(12_000)
    ana.network = fail('refused')
    ana.perform(message('c'))
    ana.perform(edit('a2', 'a'))
    ana.perform(remove('removal', 'b'))
    ana.network = healthy
    ana.killAtCommit = { skip, moment }
    await clock.advance(20_000)
    await ana.restart()
    await clock.advance(60_000)
    expect(await ana.screen()).toEqual(['a2 sent', 'c sent'])
    expect(server.commits()).toHaveLength(5)
  })

  it('keeps the text of an edit whose message was deleted, as failed', async () => {
    const { clock, ana, ben } = await setUp()
    ana.perform(message('a'))
    await clock.advance(12_000)
    ben.network = fail('refused')
    const { settled } = ben.perform(edit('mine', 'a'))
    ana.perform(remove('removal', 'a'))
    await clock.advance(1_000)
    ben.network = healthy
    await clock.advance(60_000)
    expect(await settled).toMatchObject({ outcome: 'rejected', reason: 'record is deleted' })
    await ben.restart()
    await clock.advance(12_000)
    expect(await ben.screen()).toEqual(['mine failed'])
    ben.perform(remove('away', 'a'))
    await clock.advance(12_000)
    expect(await ben.screen()).toEqual([])
    expect(await ana.screen()).toEqual([])
  })

  it('lets two people delete one message', async () => {
    const { clock, server, ana, ben } = await setUp()
    ana.perform(message('a'))
    await clock.advance(12_000)
    const outcomes = [ana, ben].map((phone) => phone.perform(remove(phone.name, 'a')).settled)
    await clock.advance(12_000)
    expect((await Promise.all(outcomes)).map(({ outcome }) => outcome)).toEqual([
      'acked',
      'conflict',
    ])
    expect([await ana.screen(), await ben.screen(), server.rows()]).toEqual([[], [], []])
    ana.perform(message('a', 'again'))
    await clock.advance(12_000)
    expect(await ben.screen()).toEqual(['again sent'])
  })

  it('parks a write that the server refuses, also one refused before the first list', async () => {
    const clock = new VirtualClock()
    const server = new LocalServer(dedup, { clock })
    const epoch = server.dump().epoch
    const cleo = new Phone(plain, { server, name: 'cleo' })
    cleo.network = onWrite((request, forward) =>
      request.body?.includes('poison') ? json(413, { error: 'too large', epoch }) : forward(),
    )
    await cleo.start()
    cleo.perform(message('a', 'poison'))
    cleo.perform(message('b'))
    await clock.advance(30_000)
    expect(await cleo.screen()).toEqual(['b sent', 'poison failed'])
    expect(writesOf(cleo).length).toBeLessThan(5)
  })

  it('misses no message that arrives late or has the timestamp of another', async () => {
    const clock = new VirtualClock()
    const at = (id: string, timestamp: number) => ({
      id,
      timestamp,
      text: id,
      conversation: 'main',
      author: 'x',
    })
    const lists = [
      [at('b', 5)],
      [at('a', 5), at('b', 5)],
      [at('late', 2), at('a', 5), at('b', 5)],
      [at('late', 2), at('b', 5)],
    ]
    let next = 0
    const cleo = new Phone(plain, {
      clock,
      network: () => json(200, { epoch: 'e', messages: lists[Math.min(next++, 3)] }),
    })
    await cleo.start()
    const screens: string[][] = []
    for (const _ of lists) {
      await clock.advance(10_000)
      screens.push(await cleo.screen())
    }
    expect(screens).toEqual([
      ['b sent'],
      ['a sent', 'b sent'],
      ['late sent', 'a sent', 'b sent'],
      ['late sent', 'b sent'],
    ])
  })

  it('refuses a write that the disk cannot keep', async () => {
    const { ana } = await setUp()
    ana.diskFull = true
    expect(await ana.perform(message('a')).saved).toEqual({
      refused: 'could not be saved: disk full',
    })
    expect(await ana.screen()).toEqual([])
  })
})

const toxics = await allToxics()
const world = simWorld({ toxics })
const invariants = await allInvariants()
const effects = await allEffects()
const folder = new URL('../../scenarios/', import.meta.url)
const scenarios: [string, Scenario][] = []
for (const file of readdirSync(folder)) {
  if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
  const { default: scenario } = (await import(new URL(file, folder).href)) as { default: Scenario }
  if (reasonNotPlayable(scenario, plain) === undefined) scenarios.push([scenario.name, scenario])
}

it('plays every story without notes and cancellations', () => {
  expect(scenarios.length).toBeGreaterThan(10)
})

it.each(scenarios)('passes %s, with any seed', async (_, scenario) => {
  const bad: string[] = []
  for (let seed = 1; seed <= 10; seed++) {
    const { result } = await runScenario({
      world,
      scenario,
      client: plain,
      server: dedup,
      seed,
      invariants,
      effects,
    })
    bad.push(...findingsOf(result).map(({ id, message }) => `seed ${seed}: ${id}: ${message}`))
    if (result.why !== undefined) bad.push(`seed ${seed}: ${result.why}`)
  }
  expect(bad).toEqual([])
})
