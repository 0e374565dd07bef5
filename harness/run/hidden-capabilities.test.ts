import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import reference from '../../clients/reference/index.ts'
import chat from '../../scenarios/partition-chat.ts'
import partition from '../../scenarios/partition-note-last-write-wins.ts'
import dedup from '../../server-stub/variants/dedup.ts'
import type { Client, ClientDefinition, ClientPorts, View } from '../core/client.ts'
import type { ClientEvent } from '../core/event.ts'
import type { Scenario } from '../core/scenario.ts'
import { allEffects } from '../effects/testing/effects.ts'
import { allInvariants } from '../invariants/testing/all.ts'
import { allToxics } from '../link/testing/toxics.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import { simWorld } from '../worlds/sim/index.ts'
import { hiddenCapabilities } from './hidden-capabilities.ts'
import { runScenario } from './run.ts'

const hiddenIn = (history: ReturnType<typeof tinyHistory>) => [
  ...hiddenCapabilities(history.build()).keys(),
]
const reasons = (history: ReturnType<typeof tinyHistory>) => [
  ...hiddenCapabilities(history.build()).values(),
]
const only = (capability: string) => ({
  capabilities: {
    statuses: false,
    outbox: false,
    cursor: false,
    versions: false,
    allSynced: false,
    conflicts: false,
    [capability]: true,
  },
})

it('hides nothing if nothing was due', () => {
  expect(hiddenIn(tinyHistory())).toEqual([])
  expect(hiddenIn(tinyHistory().create('ana-1', 'm1').view('ana').heal().view('ana'))).toEqual([])
})

describe('statuses', () => {
  const sent = () => tinyHistory(only('statuses')).create('ana-1', 'm1').accept('ana-1')

  it('hides statuses if an own row is shown and no row ever has one', () => {
    expect(reasons(sent().view('ana', ['ana-1']))).toEqual([
      'the client declares statuses, but no row on its screens has one',
    ])
  })

  it('hides no statuses if one row has one, or if only rows of others are shown', () => {
    expect(hiddenIn(sent().view('ana', ['ana-1']).view('ana', ['ana-1 sent']))).toEqual([])
    expect(hiddenIn(sent().view('ben', ['ana-1']))).toEqual([])
  })
})

describe('outbox', () => {
  const saved = () => tinyHistory(only('outbox')).create('ana-1', 'm1').localCommit('ana-1')
  const bare = { rows: [] }

  it('hides the outbox if a screen shows none while a write is certainly pending', () => {
    const history = saved().saved('ana-1').add('ana', { type: 'view', view: bare })
    expect(reasons(history)).toEqual([
      'the client declares outbox, but its screens have none, even while a write is pending',
    ])
  })

  it('hides no outbox if the write was sent before, or the view was asked for before', () => {
    const late = { type: 'view', view: bare, request: 1 } as const
    expect(
      hiddenIn(saved().saved('ana-1').deliver('ana-1').add('ana', { type: 'view', view: bare })),
    ).toEqual([])
    expect(
      hiddenIn(
        saved().add('ana', { type: 'viewRequested', request: 1 }).saved('ana-1').add('ana', late),
      ),
    ).toEqual([])
    expect(hiddenIn(saved().saved('ana-1').view('ana', []))).toEqual([])
  })

  it('hides the outbox if no localCommit is reported of a write that reached the server', () => {
    const history = tinyHistory(only('outbox')).create('ana-1', 'm1').saved('ana-1')
    expect(hiddenIn(history)).toEqual([])
    expect(reasons(history.commit('ana-1'))).toEqual([
      'the client declares outbox, but it reports no localCommit, ' +
        'even of writes that reached the server',
    ])
  })

  const answered = () =>
    saved().saved('ana-1').request('ana', 'r1', ['ana-1']).received('r1').commit('ana-1')

  it('hides the outbox if only the response to a push can have settled a write', () => {
    const history = answered().response('ana', 'r1').settled('ana-1', 'acked')
    expect(reasons(history)).toEqual([
      'the client declares outbox, but it reports no ackApplied, ' +
        'even after responses that settled a write',
    ])
  })

  it('hides no outbox if a pull may have settled the write', () => {
    const history = answered().request('ana', 'r2').response('ana', 'r2').response('ana', 'r1')
    expect(hiddenIn(history.settled('ana-1', 'acked'))).toEqual([])
    expect(hiddenIn(answered().response('ana', 'r1', 503).settled('ana-1', 'acked'))).toEqual([])
  })
})

describe.each(['cursor', 'versions'])('%s', (capability) => {
  const committed = () =>
    tinyHistory(only(capability)).create('ana-1', 'm1').saved('ana-1').commit('ana-1')

  it('is hidden if a screen shows a row that was pulled, and it never was reported', () => {
    expect(hiddenIn(committed().view('ben', ['ana-1']))).toEqual([capability])
  })

  it('is not hidden if the row may have come in the response to a push', () => {
    const wroteToo = committed().update('ben-1', 'm1').saved('ben-1').view('ben', ['ana-1'])
    expect(hiddenIn(wroteToo)).toEqual([])
    expect(hiddenIn(committed().view('ana', ['ana-1']))).toEqual([])
  })

  it('is not hidden if it was shown once', () => {
    const shown = committed().view('ben', ['ana-1']).cursor('ben', 1).view('ana', ['ana-1 sent@1'])
    expect(hiddenIn(shown)).toEqual([])
  })
})

it('hides versions if writes are reported and none states its base', () => {
  const history = tinyHistory(only('versions')).create('ana-1', 'm1').localCommit('ana-1')
  expect(hiddenIn(history)).toEqual(['versions'])
  expect(hiddenIn(history.create('ana-2', 'm2').localCommit('ana-2', { base: 0 }))).toEqual([])
})

describe('allSynced', () => {
  const done = () =>
    tinyHistory(only('allSynced')).create('ana-1', 'm1').saved('ana-1').commit('ana-1').heal()

  it('hides the claim if it is never made, even when all is done', () => {
    expect(hiddenIn(done().view('ana', ['ana-1 sent']).state())).toEqual(['allSynced'])
  })

  it('hides no claim if the last screen was not read, something waits, or it was made', () => {
    expect(hiddenIn(done().state())).toEqual([])
    expect(hiddenIn(done().view('ana', ['ana-1 pending']).state())).toEqual([])
    expect(hiddenIn(done().view('ana', [], { allSynced: false }).state())).toEqual([])
  })
})

describe('conflicts', () => {
  const lost = () =>
    tinyHistory(only('conflicts')).update('ana-1', 'n1').saved('ana-1').settled('ana-1', 'conflict')

  it('hides conflicts if an edit lost and no screen has a list', () => {
    expect(hiddenIn(lost().view('ana'))).toEqual(['conflicts'])
  })

  it('hides no conflicts before the edit lost, after another write, or with a list', () => {
    expect(hiddenIn(lost())).toEqual([])
    expect(hiddenIn(lost().update('ana-2', 'n1').view('ana'))).toEqual([])
    expect(hiddenIn(lost().view('ana', [], { conflicts: ['ana-1'] }))).toEqual([])
  })
})

describe('in real runs', async () => {
  const world = simWorld({ toxics: await allToxics() })
  const [effects, invariants] = [await allEffects(), await allInvariants()]
  const play = async (scenario: Scenario, client: ClientDefinition, seed = 1) =>
    runScenario({ world, scenario, client, server: dedup, seed, invariants, effects })

  /** The reference, whose screen and reports are changed on their way. */
  const hiding = (
    view: (view: View) => object,
    event: (event: ClientEvent) => object | undefined = (same) => same,
  ): ClientDefinition => ({
    ...reference,
    create: (ports: ClientPorts, identity) => {
      const { recorder } = ports
      const emit = (report: ClientEvent) => {
        const changed = event(report)
        if (changed) recorder.emit(changed as ClientEvent)
      }
      const filtered = { ...recorder, emit }
      const client = reference.create({ ...ports, recorder: filtered }, identity)
      const original = client.view.bind(client)
      const show: Client['view'] = () => view(original() as View) as View
      return Object.assign(client, { view: show })
    },
  })
  const without = (name: string) => (thing: object) => ({ ...thing, [name]: undefined })
  const withoutInRows = (name: string) => (view: View) => ({
    ...view,
    rows: view.rows.map(without(name)),
  })
  const unlessOf = (type: string) => (event: ClientEvent) =>
    event.type === type ? undefined : event
  const same = (view: View) => view

  it.each<[string, ClientDefinition, Scenario?]>([
    ['statuses', hiding(withoutInRows('status'))],
    ['outbox', hiding(without('outbox'))],
    ['outbox', hiding(same, unlessOf('localCommit'))],
    ['outbox', hiding(same, unlessOf('ackApplied'))],
    ['cursor', hiding(same, unlessOf('cursorSaved')), chat],
    ['versions', hiding(withoutInRows('version')), chat],
    ['versions', hiding(same, without('base'))],
    ['allSynced', hiding(without('allSynced'))],
    ['conflicts', hiding(without('conflicts'))],
  ])('finds that a client hides %s', async (capability, client, scenario = partition) => {
    const { history } = await play(scenario, client)
    expect([...hiddenCapabilities(history).keys()]).toEqual([capability])
  })

  it('makes the invariants unknown that need what is hidden, with the reason', async () => {
    const { result } = await play(partition, hiding(withoutInRows('status')))
    expect(result.verdict).toBe('unknown')
    expect(result.invariants.find(({ id }) => id === 'STATUS-TRUTH')).toMatchObject({
      verdict: 'unknown',
      why: 'the client declares statuses, but no row on its screens has one',
    })
    expect(result.invariants.find(({ id }) => id === 'DURABLE')?.verdict).not.toBe('unknown')
  })

  const folder = new URL('../../scenarios/', import.meta.url)
  const files = readdirSync(folder).filter((file) => /^[a-z-]+\.ts$/.test(file))
  it.each(files)('finds nothing hidden by the reference in %s', async (file) => {
    const scenario: Scenario = (await import(new URL(file, folder).href)).default
    for (const seed of [1, 2, 3]) {
      const { history } = await play(scenario, reference, seed)
      expect([...hiddenCapabilities(history).values()]).toEqual([])
    }
  })
})
