import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { at, scenario } from '../core/build.ts'
import { EPOCH_WALL } from '../core/time.ts'
import exactlyOnce from '../invariants/exactly-once.ts'
import { send } from '../workload/chat.ts'
import { tinyHistory } from './history-builder.ts'

const story = scenario({
  title: 'Two messages',
  story: 'Ana sends two messages.',
  devices: ['ana', { name: 'ben', user: 'Ben' }],
  steps: [at('1s', send('ana', 'Hi')), at('2s', send('ana', 'Ho'))],
  exercised: {},
})

describe('the history builder', () => {
  it('the history builder runs the example of its documentation', () => {
    const history = tinyHistory({ policy: 'server-wins' })
      .create('ana-1', 'm1', 'Hi')
      .accept('ana-1')
      .commit('ana-1')
      .as('first')
      .commit('ana-1')
      .as('second')
    expect(history.findings(exactlyOnce)[0]?.evidence).toEqual([
      history.seq('first'),
      history.seq('second'),
    ])
    expect(history.build().head.scenario.policy).toBe('server-wins')
  })

  it('has the same example in README.md, in its module documentation and in this test', () => {
    const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')
    const example = /```ts\n([\s\S]*?)```/.exec(read('README.md'))?.[1] ?? 'no example'
    const indented = (prefix: string) => example.replace(/^/gm, prefix).trimEnd()
    expect(read('history-builder.ts')).toContain(indented(' * ').replace(/ \*$/, '').trimEnd())
    expect(read('history-builder.test.ts')).toContain(indented('    '))
  })

  it('numbers events from 0 and puts them 100 ms apart', () => {
    const { all } = tinyHistory().start('ana').view('ana').at(5000).view('ana').build()
    expect(all.map(({ seq }) => seq)).toEqual([0, 1, 2])
    expect(all.map(({ t }) => t)).toEqual([100, 200, 5000])
  })

  it('puts events at the same time if their spacing is 0', () => {
    const { all } = tinyHistory({ spacingMs: 0 }).at(7).start('ana').view('ana').build()
    expect(all.map(({ t }) => t)).toEqual([7, 7])
  })

  it('performs the actions of a scenario and uses it in the head', () => {
    const { head, operations } = tinyHistory({ scenario: story, world: 'wire', spacingMs: 0 })
      .at(2000)
      .step('ana-2')
      .build()
    expect(head.scenario).toEqual(story)
    expect(head.timeScale).toBe(40)
    expect(operations[0]?.action).toEqual(
      story.steps.flatMap((s) => ('action' in s ? s.action : []))[1],
    )
    expect(operations[0]?.invoke).toMatchObject({ t: 2000, wall: EPOCH_WALL + 2000 })
  })

  it('adds a request, the work of the server and the response as one round trip', () => {
    const history = tinyHistory({ spacingMs: 0 })
      .create('ana-1', 'm1', 'Hi')
      .at(1000)
      .roundTrip('ana', 'r1', ['ana-1'], {
        fields: { path: '/messages' },
        atServer: (server) => server.outcome('ana-1', 'applied').commit('ana-1'),
      })
      .build()
    expect(history.events.slice(1).map(({ t, type }) => `${t} ${type}`)).toEqual([
      '1000 request',
      '1120 serverReceived',
      '1120 serverOutcome',
      '1120 serverCommit',
      '1122 serverResponded',
      '1240 response',
    ])
    expect(history.of('request')[0]?.path).toBe('/messages')
  })

  it('loses the response of a round trip on request: the client times out after 10 s', () => {
    const history = tinyHistory({ spacingMs: 0 }).roundTrip('ana', 'r1', [], { responseLost: true })
    const [response] = history.build().of('response')
    expect(response).toMatchObject({ t: 10_000, outcome: 'timeout' })
  })

  it('parses an icon and a version from a row, and accepts rows as recorded', () => {
    const recorded = { collection: 'messages', record: 'srv-1', id: 'srv-1', text: 'Hi' }
    const history = tinyHistory()
      .create('ana-1', 'm1', 'Hi')
      .view('ana', ['ana-1 pending@2', recorded], { allSynced: false })
      .build()
    const view = history.lastView('ana')?.view
    expect(view?.rows).toEqual([
      expect.objectContaining({ record: 'm1', opId: 'ana-1', status: 'pending', version: 2 }),
      recorded,
    ])
    expect(view?.outbox).toEqual([expect.objectContaining({ opId: 'ana-1', state: 'pending' })])
    expect(view?.allSynced).toBe(false)
  })

  it('counts the incarnations of a device from 1, even if its first start is left out', () => {
    const history = tinyHistory().start('ana').crash('ana').start('ana').crash('ben').start('ben')
    const { all } = history.build()
    const incarnations = all.map((event) => 'incarnation' in event && event.incarnation)
    expect(incarnations).toEqual([1, 1, 2, 1, 2])
  })

  it('records a fault with its caption, and what the device notices of it', () => {
    const tunnel = { name: 'tunnel', caption: 'ana is in a tunnel', nodes: ['ana'] }
    const history = tinyHistory()
      .fault(true, tunnel)
      .connectivity('ana', false)
      .fault(false, tunnel)
      .build()
    expect(history.of('fault').map(({ on }) => on)).toEqual([true, false])
    expect(history.of('connectivity')[0]?.online).toBe(false)
  })

  it('states in errors what it expected: an operation, an event, an action or a later time', () => {
    const history = tinyHistory({ scenario: story }).create('ana-1', 'm1').as('tap')
    expect(() => history.commit('ana-9')).toThrow(
      "expected an operation that was invoked (ana-1), got 'ana-9'",
    )
    expect(() => history.seq('tip')).toThrow("expected the name of an event (tap), got 'tip'")
    expect(() => history.step('ben-1')).toThrow(
      "expected an action of the scenario (ana-1, ana-2), got 'ben-1'",
    )
    expect(() => history.at(5)).toThrow(
      "expected a time from 100 ms on (the newest event's), got 5 ms",
    )
  })

  it('throws on an invalid event and names its line', () => {
    const history = tinyHistory().add('ana', { type: 'start', incarnation: -1 })
    expect(() => history.build()).toThrow('a history written by hand, line 2')
  })
})
