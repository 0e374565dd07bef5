import { isAction, type Scenario } from '../../harness/core/scenario.ts'
import { cleanStory, HOSTILE, hostileStory, lostAckStory, tunnelStory } from './stories.ts'
import { row, Tape } from './tape.ts'

const actionOf = (scenario: Scenario, op: string) => {
  const step = scenario.steps.filter(isAction).find(({ action }) => action.op === op)
  if (!step) throw new Error(`the story has no ${op}`)
  return step.action
}

/** A person taps, the client saves it in one transaction and says so. */
function tapped(
  tape: Tape,
  scenario: Scenario,
  t: number,
  device: string,
  op: string,
  record: string,
) {
  tape.add(t, device, {
    type: 'invoke',
    op,
    action: actionOf(scenario, op),
    wall: 1_767_254_400_000 + t,
  })
  tape.add(t + 4, device, {
    type: 'localCommit',
    op,
    key: `key-${op}`,
    write: 'create',
    collection: 'messages',
    record,
    rev: 1,
    base: 0,
  })
  tape.add(t + 5, device, { type: 'saved', op, durable: true })
}

function begun(tape: Tape, devices: readonly string[]) {
  tape.add(0, 'harness', { type: 'phase', phase: 'act' })
  for (const device of devices) {
    tape.add(0, device, { type: 'start', incarnation: 1 })
    tape.view(0, device, [])
  }
}

const commit = (
  tape: Tape,
  t: number,
  seq: number,
  op: string,
  record: string,
  text: string,
  author = 'ana',
  key = `key-${op}`,
) => {
  const common = {
    key,
    write: 'create',
    collection: 'messages',
    record,
    op,
    hash: `hash-of-${op}`,
    text,
    base: 0,
    head: 0,
  } as const
  tape.add(t, 'server', { type: 'serverOutcome', ...common, outcome: 'applied' })
  return tape.add(t, 'server', {
    type: 'serverCommit',
    ...common,
    position: seq,
    epoch: 'e1',
    version: 1,
    author,
  })
}

const pulled = (tape: Tape, t: number, device: string, cursor: number, ...records: string[]) =>
  tape.add(t, device, {
    type: 'cursorSaved',
    epoch: 'e1',
    cursor,
    complete: true,
    full: false,
    rows: records.map((record) => ({ collection: 'messages', record, version: 1, deleted: false })),
  })

const state = (tape: Tape, t: number, ...rows: [op: string, record: string, text: string][]) =>
  tape.add(t, 'server', {
    type: 'serverState',
    epoch: 'e1',
    position: rows.length,
    rows: rows.map(([op, record, text]) => ({
      collection: 'messages',
      record,
      version: 1,
      deleted: false,
      author: 'ana',
      op,
      text,
    })),
  })

/** The reference client in the tunnel: both messages arrive. */
export function tunnelPassed(world = 'sim') {
  const tape = new Tape(tunnelStory, { client: 'reference', server: 'dedup', world })
  const [one, two] = ['In the tunnel now', 'See you at eight']
  begun(tape, ['ana', 'ben'])
  const fault = {
    type: 'fault' as const,
    id: 0,
    name: 'tunnel',
    says: 'ana is in a tunnel',
    nodes: ['ana'],
  }
  tape.add(2000, 'harness', { ...fault, on: true })
  tape.add(2000, 'ana', { type: 'connectivity', online: false })
  tapped(tape, tunnelStory, 3000, 'ana', 'ana-1', 'm1')
  tape.view(3010, 'ana', [row('ana-1', 'm1', one, 'pending')])
  tapped(tape, tunnelStory, 9000, 'ana', 'ana-2', 'm2')
  tape.view(9010, 'ana', [row('ana-1', 'm1', one, 'pending'), row('ana-2', 'm2', two, 'pending')])
  for (const [i, t] of [12_000, 26_000, 55_000, 101_000, 160_000, 221_000].entries()) {
    tape.refused(t, 'ana', {
      req: `r${i}`,
      method: 'POST',
      path: '/push',
      ops: ['ana-1'],
      key: 'key-ana-1',
      attempt: i + 1,
    })
  }
  tape.add(240_000, 'harness', { ...fault, on: false })
  tape.add(240_000, 'ana', { type: 'connectivity', online: true })
  tape.add(240_000, 'harness', { type: 'phase', phase: 'heal' })
  tape.add(240_000, 'harness', { type: 'phase', phase: 'settle' })
  for (const [i, [op, record, text]] of (
    [
      ['ana-1', 'm1', one],
      ['ana-2', 'm2', two],
    ] as const
  ).entries()) {
    const t = 240_050 + i * 300
    tape.trip(
      t,
      'ana',
      {
        req: `p${i}`,
        method: 'POST',
        path: '/push',
        ops: [op],
        key: `key-${op}`,
        attempt: i === 0 ? 7 : 1,
      },
      (when) => commit(tape, when, i + 1, op, record, text),
    )
    tape.add(t + 241, 'ana', {
      type: 'ackApplied',
      key: `key-${op}`,
      rev: 1,
      outcome: 'applied',
      version: 1,
      cleared: true,
    })
    tape.add(t + 242, 'ana', { type: 'settled', op, outcome: 'acked' })
  }
  tape.view(
    240_600,
    'ana',
    [row('ana-1', 'm1', one, 'sent', 1), row('ana-2', 'm2', two, 'sent', 1)],
    true,
  )
  for (let i = 0; i < 8; i++) {
    const t = 255_000 + i * 15_000
    tape.trip(t, 'ben', {
      req: `b${i}`,
      method: 'GET',
      path: '/changes?epoch=e1&after=0&limit=100',
    })
    if (i === 0) {
      pulled(tape, t + 244, 'ben', 2, 'm1', 'm2')
      tape.view(
        t + 250,
        'ben',
        [row('ana-1', 'm1', one, 'sent', 1), row('ana-2', 'm2', two, 'sent', 1)],
        true,
      )
    }
  }
  tape.add(370_000, 'harness', { type: 'phase', phase: 'read' })
  for (const device of ['ana', 'ben'])
    tape.view(
      370_000,
      device,
      [row('ana-1', 'm1', one, 'sent', 1), row('ana-2', 'm2', two, 'sent', 1)],
      true,
    )
  state(tape, 370_000, ['ana-1', 'm1', one], ['ana-2', 'm2', two])
  tape.add(370_000, 'harness', { type: 'phase', phase: 'end' })
  return tape.history()
}

/** The naive client in the tunnel: it calls from the screen, keeps nothing, and says nothing. */
export function tunnelLost(world = 'sim') {
  const capabilities = {
    collections: ['messages'],
    update: false,
    delete: false,
    cancel: false,
    statuses: false,
    outbox: false,
    cursor: false,
    versions: false,
    allSynced: false,
    conflicts: false,
  }
  const tape = new Tape(tunnelStory, {
    client: 'interview/naive',
    server: 'naive',
    world,
    capabilities,
  })
  begun(tape, ['ana', 'ben'])
  const fault = {
    type: 'fault' as const,
    id: 0,
    name: 'tunnel',
    says: 'ana is in a tunnel',
    nodes: ['ana'],
  }
  tape.add(2000, 'harness', { ...fault, on: true })
  tape.add(2000, 'ana', { type: 'connectivity', online: false })
  const evidence = [3000, 9000].map((t, i) => {
    const op = `ana-${i + 1}`
    const invoke = tape.add(t, 'ana', {
      type: 'invoke',
      op,
      action: actionOf(tunnelStory, op),
      wall: 1_767_254_400_000 + t,
    })
    const saved = tape.add(t + 1, 'ana', { type: 'saved', op, durable: false })
    const sent = tape.refused(t + 2, 'ana', {
      req: `n${i}`,
      method: 'POST',
      path: '/messages',
      ops: [op],
    })
    return [invoke, saved, sent + 1]
  })
  tape.add(240_000, 'harness', { ...fault, on: false })
  tape.add(240_000, 'ana', { type: 'connectivity', online: true })
  tape.add(240_000, 'harness', { type: 'phase', phase: 'heal' })
  tape.add(240_000, 'harness', { type: 'phase', phase: 'settle' })
  tape.add(370_000, 'harness', { type: 'phase', phase: 'read' })
  const screen = tape.view(370_000, 'ana', [])
  tape.view(370_000, 'ben', [])
  const held = state(tape, 370_000)
  tape.add(370_000, 'harness', { type: 'phase', phase: 'end' })
  return { history: tape.history(), evidence: evidence.map((seqs) => [...seqs, screen, held]) }
}

/** The worker without a stable key: the answer is lost, the retry makes a second message. */
export function ackLost(world = 'sim') {
  const tape = new Tape(lostAckStory, {
    client: 'interview/worker',
    server: 'naive',
    world,
    capabilities: { versions: false, cursor: false },
  })
  const text = 'The train is late'
  begun(tape, ['ana', 'ben'])
  const lost = {
    type: 'fault' as const,
    id: 0,
    name: 'lost-ack',
    says: 'answers to ana get lost',
    nodes: ['ana'],
  }
  tape.add(1000, 'harness', { ...lost, on: true })
  tapped(tape, lostAckStory, 2000, 'ana', 'ana-1', 'm1')
  tape.view(2010, 'ana', [row('ana-1', 'm1', text, 'pending')])
  let first = 0
  const one = tape.trip(
    2020,
    'ana',
    { req: 'r1', method: 'POST', path: '/messages', ops: ['ana-1'], lost: 'answer' },
    (t) => {
      first = commit(tape, t, 1, 'ana-1', 'm1', text, 'ana', 'srv-1')
    },
  )
  tape.add(13_000, 'harness', {
    type: 'fault',
    id: 2,
    name: 'kill',
    says: 'ana’s app is killed',
    nodes: ['ana'],
    on: true,
  })
  tape.add(13_000, 'ana', { type: 'crash', incarnation: 1, by: 'scenario' })
  tape.add(14_000, 'harness', { ...lost, on: false })
  tape.add(20_000, 'harness', {
    type: 'fault',
    id: 2,
    name: 'kill',
    says: 'ana’s app is killed',
    nodes: ['ana'],
    on: false,
  })
  tape.add(20_000, 'ana', { type: 'start', incarnation: 2 })
  tape.add(20_000, 'harness', { type: 'phase', phase: 'heal' })
  tape.add(20_000, 'harness', { type: 'phase', phase: 'settle' })
  let second = 0
  const two = tape.trip(
    20_300,
    'ana',
    { req: 'r2', method: 'POST', path: '/messages', ops: ['ana-1'] },
    (t) => {
      second = commit(tape, t, 2, 'ana-1', 'm1', text, 'ana', 'srv-2')
    },
  )
  tape.view(20_600, 'ana', [row('ana-1', 'm1', text, 'sent')])
  tape.trip(30_000, 'ben', { req: 'b1', method: 'GET', path: '/messages?since=0' })
  tape.add(140_000, 'harness', { type: 'phase', phase: 'read' })
  tape.view(140_000, 'ana', [row('ana-1', 'm1', text, 'sent')])
  const twice = tape.view(140_000, 'ben', [
    row('ana-1', 'srv-1', text),
    row('ana-1', 'srv-2', text),
  ])
  state(tape, 140_000, ['ana-1', 'srv-1', text], ['ana-1', 'srv-2', text])
  tape.add(140_000, 'harness', { type: 'phase', phase: 'end' })
  return {
    history: tape.history(),
    evidence: [one.sent, first, one.end, two.sent, second],
    rows: [twice],
  }
}

/** Nothing happened that could decide anything. */
export function nothingSeen(world = 'sim') {
  const tape = new Tape(cleanStory, { client: 'reference', server: 'dedup', world })
  begun(tape, ['ana', 'ben'])
  tape.add(1000, 'ana', { type: 'error', message: 'database is locked' })
  tape.add(1000, 'ana', { type: 'crash', incarnation: 1, by: 'itself', message: 'exit code 1' })
  tape.add(121_000, 'harness', { type: 'phase', phase: 'end' })
  return tape.history()
}

/** A message that is an attack on whoever shows it. */
export function hostile(world = 'sim') {
  const tape = new Tape(hostileStory, { client: 'reference', server: 'dedup', world })
  begun(tape, ['ana'])
  tapped(tape, hostileStory, 1000, 'ana', 'ana-1', 'm1')
  tape.view(1010, 'ana', [row('ana-1', 'm1', HOSTILE, 'pending')])
  let done = 0
  tape.trip(
    1100,
    'ana',
    { req: 'h1', method: 'POST', path: '/push', ops: ['ana-1'], key: 'key-ana-1' },
    (t) => {
      done = commit(tape, t, 1, 'ana-1', 'm1', HOSTILE)
    },
  )
  const screen = tape.view(1400, 'ana', [row('ana-1', 'm1', HOSTILE, 'failed', 1)])
  tape.add(121_000, 'harness', { type: 'phase', phase: 'read' })
  tape.view(121_000, 'ana', [row('ana-1', 'm1', HOSTILE, 'failed', 1)])
  state(tape, 121_000, ['ana-1', 'm1', HOSTILE])
  tape.add(121_000, 'harness', { type: 'phase', phase: 'end' })
  return { history: tape.history(), evidence: [done, screen] }
}
