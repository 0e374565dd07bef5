/**
 * Histories written by hand, one for each kind of verdict, and one attack. The tests of all formats
 * render them. A history with a finding comes with the `seq`s of the evidence.
 *
 * @module
 */
import { MESSAGES_ONLY } from '../../harness/core/capabilities.ts'
import type { Event, EventBody } from '../../harness/core/event.ts'
import type { History } from '../../harness/core/history.ts'
import type { ServerTells } from '../../harness/core/server.ts'
import type { Fields } from '../../harness/testing/event-writer.ts'
import { type HistoryBuilder, tinyHistory } from '../../harness/testing/history-builder.ts'
import type { HistorySetting } from '../../harness/testing/history-setting.ts'
import {
  acksLost,
  appKilled,
  cleanStory,
  HOSTILE,
  hostileStory,
  inTunnel,
  lostAckStory,
  tunnelStory,
} from './stories.ts'

/** Starts all devices. Each event has the time of the previous one, unless `at` moves the time. */
function begin(setting: HistorySetting): HistoryBuilder {
  const history = tinyHistory({
    client: 'reference',
    server: 'dedup',
    seed: 7,
    spacingMs: 0,
    ...setting,
  })
  history.at(0).phase('act')
  for (const { name } of setting.scenario?.devices ?? []) history.start(name, 1).view(name)
  return history
}

/** A person taps; the client saves the action in one transaction and confirms that. */
function tap(history: HistoryBuilder, atMs: number, opId: string): HistoryBuilder {
  history.at(atMs).step(opId)
  history.at(atMs + 4).localCommit(opId, { base: 0 })
  return history.at(atMs + 5).saved(opId)
}

/** The server applies the write. */
function applied(opId: string, fields: Parameters<HistoryBuilder['commit']>[1] = {}) {
  return (history: HistoryBuilder) => {
    history.outcome(opId, 'applied').commit(opId, fields)
  }
}

/** The reference client in the tunnel: both messages arrive. */
export function tunnelPassed(world = 'sim'): History {
  const history = begin({ scenario: tunnelStory, world })
  history.at(2000).fault(true, inTunnel).connectivity('ana', false)
  tap(history, 3000, 'ana-1').at(3010).view('ana', ['ana-1 pending'])
  tap(history, 9000, 'ana-2').at(9010).view('ana', ['ana-1 pending', 'ana-2 pending'])
  for (const [i, ms] of [12_000, 26_000, 55_000, 101_000, 160_000, 221_000].entries()) {
    const about = [{ key: 'k-ana-1', attempt: i + 1 }]
    history.at(ms).request('ana', `refused-${i}`, ['ana-1'], { about })
    history.at(ms + 3).response('ana', `refused-${i}`, 'refused')
  }
  history.at(240_000).fault(false, inTunnel).connectivity('ana', true)
  history.phase('heal').phase('settle')
  push(history, 240_050, 'ana-1', 7)
  push(history, 240_350, 'ana-2', 1)
  const rows = ['ana-1 sent@1', 'ana-2 sent@1']
  history.at(240_600).view('ana', rows, { allSynced: true })
  for (let i = 0; i < 8; i++) {
    const ms = 255_000 + i * 15_000
    const fields = { path: '/changes?epoch=e1&after=0&limit=100' }
    history.at(ms).roundTrip('ben', `pull-${i}`, [], { fields })
    if (i > 0) continue
    history.at(ms + 244).cursor('ben', 2, ['m1@1', 'm2@1'])
    history.at(ms + 250).view('ben', rows, { allSynced: true })
  }
  history.at(370_000).phase('read')
  for (const device of ['ana', 'ben']) history.view(device, rows, { allSynced: true })
  return history.state().phase('end').build()
}

function push(history: HistoryBuilder, atMs: number, opId: string, attempt: number): void {
  const fields = { about: [{ key: `k-${opId}`, attempt }] }
  history.at(atMs).roundTrip('ana', `push-${opId}`, [opId], { fields, atServer: applied(opId) })
  history.at(atMs + 241).ack(opId)
  history.at(atMs + 242).settled(opId, 'acked')
}

/** The naive client in the tunnel: it sends from the screen, saves nothing and reports nothing. */
export function tunnelLost(world = 'sim'): { history: History; evidence: number[][] } {
  const history = begin({
    scenario: tunnelStory,
    client: 'interview/naive',
    server: 'naive',
    world,
    capabilities: { ...MESSAGES_ONLY, ordered: true },
  })
  history.at(2000).fault(true, inTunnel).connectivity('ana', false)
  const opIds = ['ana-1', 'ana-2']
  for (const [i, opId] of opIds.entries()) {
    const ms = [3000, 9000][i] ?? 0
    history.at(ms).step(opId).as(`${opId} tap`)
    history
      .at(ms + 1)
      .saved(opId, false)
      .as(`${opId} claim`)
    history.at(ms + 2).request('ana', `post-${opId}`, [opId], { path: '/messages', about: [] })
    history
      .at(ms + 5)
      .response('ana', `post-${opId}`, 'refused')
      .as(`${opId} refused`)
  }
  history.at(240_000).fault(false, inTunnel).connectivity('ana', true)
  history.phase('heal').phase('settle')
  history.at(370_000).phase('read').view('ana').as('screen').view('ben').state().as('server')
  history.phase('end')
  const names = (opId: string) => [
    `${opId} tap`,
    `${opId} claim`,
    `${opId} refused`,
    'screen',
    'server',
  ]
  return {
    history: history.build(),
    evidence: opIds.map((opId) => names(opId).map((name) => history.seq(name))),
  }
}

/**
 * The worker without a stable key: the response is lost, the retry makes a second message.
 *
 * @param tells holdings: the same on a server that does not report its writes
 */
export function ackLost(
  world = 'sim',
  tells: ServerTells = 'writes',
): { history: History; evidence: number[]; rows: number[] } {
  const derived = tells === 'holdings'
  const atServer = (key: string) => (history: HistoryBuilder) => {
    if (derived) history.commit('ana-1', { record: key, version: 1, head: 0, derived })
    else applied('ana-1', { key, version: 1, head: 0 })(history)
  }
  const history = begin({
    ...(derived && { tells }),
    scenario: lostAckStory,
    client: 'interview/worker',
    server: 'naive',
    world,
    capabilities: { versions: false, cursor: false },
  })
  const fields = { path: '/messages', about: [] }
  const killWindow = { ...appKilled, id: 2 }
  history.at(1000).fault(true, acksLost)
  tap(history, 2000, 'ana-1').at(2010).view('ana', ['ana-1 pending'])
  history.at(2020).roundTrip('ana', 'first', ['ana-1'], {
    fields,
    responseLost: true,
    atServer: atServer('srv-1'),
  })
  history.at(13_000).fault(true, killWindow).crash('ana')
  history.at(14_000).fault(false, acksLost)
  history.at(20_000).fault(false, killWindow).start('ana', 2).phase('heal').phase('settle')
  history.at(20_300).roundTrip('ana', 'retry', ['ana-1'], {
    fields,
    atServer: atServer('srv-2'),
  })
  history.at(20_600).view('ana', ['ana-1 sent'])
  const path = '/messages?since=0'
  history.at(30_000).roundTrip('ben', 'pull', [], { fields: { path } })
  const copies = ['srv-1', 'srv-2'].map((record) => ({
    collection: 'messages',
    record,
    opId: 'ana-1',
    text: 'The train is late',
  }))
  const rows = copies.map((copy) => ({ ...copy, id: copy.record }))
  history.at(140_000).phase('read').view('ana', ['ana-1 sent']).view('ben', rows).as('two rows')
  history.add('server', {
    type: 'serverState',
    epoch: 'e1',
    position: 2,
    rows: copies.map((copy) => ({ ...copy, version: 1, deleted: false })),
  })
  const built = history.phase('end').build()
  const [first, retry] = built.requests
  const [commit, secondCommit] = built.of('serverCommit')
  return {
    history: built,
    evidence: seqs(first?.request, commit, first?.response, retry?.request, secondCommit),
    rows: [history.seq('two rows')],
  }
}

const seqs = (...events: (Event | undefined)[]) => events.flatMap((event) => event?.seq ?? [])

/** A fault acts on six attempts in a row, each time in another way; the seventh passes. */
export function interceptedSix(): History {
  const history = begin({ scenario: cleanStory })
  tap(history, 1000, 'ana-1').at(1010).view('ana', ['ana-1 pending'])
  const headers = { 'content-type': 'application/json' }
  const send = (i: number) =>
    history.at(i * 10_000).request('ana', `try-${i}`, ['ana-1'], {
      about: [],
      ...(i === 1 && { headers, body: `{"text":"${HOSTILE}"}` }),
    })
  const act = (i: number, fields: Omit<Fields<'intercepted'>, 'requestId'>, atMs = 10) =>
    history
      .at(i * 10_000 + atMs)
      .add('harness', { type: 'intercepted', requestId: `try-${i}`, ...fields } as Intercepted)
  const atServer = (i: number) =>
    history
      .at(i * 10_000 + 12)
      .received(`try-${i}`)
      .responded(`try-${i}`)
  const end = (i: number, outcome: Parameters<typeof history.response>[2], atMs = 30) =>
    history.at(i * 10_000 + atMs).response('ana', `try-${i}`, outcome)
  send(1)
  act(1, { act: 'respond', moment: 'before', status: 503, body: 'html' })
  history.at(10_030).add('ana', {
    type: 'response',
    requestId: 'try-1',
    outcome: 'response',
    status: 503,
    headers: { 'retry-after': '5' },
    body: '<h1>Sign in</h1>',
  })
  send(2)
  atServer(2)
  act(2, { act: 'respond', moment: 'after', status: 502, body: 'empty' }, 14)
  end(2, 502)
  send(3)
  atServer(3)
  act(3, { act: 'lose-response', moment: 'after' }, 14)
  end(3, 'timeout', 9000)
  send(4)
  act(4, { act: 'reset', moment: 'before' })
  end(4, 'reset')
  send(5)
  atServer(5)
  act(5, { act: 'kill', moment: 'after', victim: 'server' }, 14)
  history.add('server', { type: 'crash', incarnation: 1, by: 'scenario' })
  end(5, 'reset')
  history.at(58_000).add('server', { type: 'start', incarnation: 2 })
  send(6)
  atServer(6)
  act(6, { act: 'delay', moment: 'after', ms: 4000 }, 14)
  end(6, 200, 4030)
  return history.at(121_000).phase('read').view('ana', ['ana-1 sent']).phase('end').build()
}

type Intercepted = Extract<EventBody, { type: 'intercepted' }>

/** The client crashed before anything could be decided. */
export function nothingSeen(world = 'sim'): History {
  return begin({ scenario: cleanStory, world })
    .at(1000)
    .add('ana', { type: 'error', message: 'database is locked' })
    .crash('ana', { by: 'itself', message: 'exit code 1' })
    .at(121_000)
    .phase('end')
    .build()
}

/** A message that attacks its display, shown as failed although it was committed. */
export function hostile(world = 'sim'): { history: History; evidence: number[] } {
  const history = begin({ scenario: hostileStory, world })
  tap(history, 1000, 'ana-1').at(1010).view('ana', ['ana-1 pending'])
  history.at(1100).roundTrip('ana', 'push', ['ana-1'], { atServer: applied('ana-1') })
  history.at(1400).view('ana', ['ana-1 failed@1']).as('screen')
  history.at(121_000).phase('read').view('ana', ['ana-1 failed@1']).state().phase('end')
  const built = history.build()
  return {
    history: built,
    evidence: [...seqs(built.of('serverCommit')[0]), history.seq('screen')],
  }
}
