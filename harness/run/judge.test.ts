import { describe, expect, it } from 'vitest'
import { at, scenario } from '../core/build.ts'
import type { Capabilities } from '../core/capabilities.ts'
import type { Event, EventBody } from '../core/event.ts'
import type { Exercised } from '../core/exercise.ts'
import { FORMAT_VERSION } from '../core/format-version.ts'
import { History } from '../core/history.ts'
import { historyHead } from '../core/history-head.ts'
import type { Invariant, Judgement } from '../core/invariant.ts'
import { isAction } from '../core/scenario.ts'
import { EPOCH_WALL } from '../core/time.ts'
import tinyClient from '../testing/tiny-client.ts'
import { send } from '../workload/chat.ts'
import { judge } from './judge.ts'
import type { RunJudgement } from './result.ts'

function history(
  options: {
    exercised?: Exercised
    invariants?: string[]
    events?: EventBody[]
    capabilities?: Partial<Capabilities>
  } = {},
): History {
  const story = scenario({
    title: 'Judged',
    story: 'Something is judged.',
    devices: ['ana'],
    steps: [at('1s', send('ana', 'hi'))],
    exercised: options.exercised ?? {},
    ...(options.invariants && { invariants: options.invariants }),
  })
  const capabilities = { ...tinyClient.capabilities, ...options.capabilities }
  const invoked = story.steps.filter(isAction).map(
    ({ device, action }): Event => ({
      type: 'invoke',
      opId: action.opId,
      action,
      wall: EPOCH_WALL,
      seq: 0,
      t: 0,
      node: device,
    }),
  )
  const events = [
    ...invoked,
    ...(options.events ?? []).map(
      (body, i): Event => ({ ...body, seq: i + 1, t: i + 1, node: 'server' }),
    ),
  ]
  const client = { name: 'tiny', capabilities }
  const setting = { scenario: story, client, server: { name: 'tiny' }, seed: 1, timeScale: 1 }
  return new History(historyHead(setting, 'sim'), events)
}

const invariant = (id: string, check: () => Judgement, needs?: string): Invariant => ({
  id,
  promise: `${id} holds`,
  needs: () => needs,
  check,
})
const good = invariant('GOOD', () => ({ judged: 3, findings: [] }))
const bad = invariant('BAD', () => ({
  judged: 1,
  findings: [{ message: 'it broke', opIds: ['ana-1'], evidence: [0] }],
}))
const idle = invariant('IDLE', () => ({ judged: 0, findings: [] }))
const undecided = invariant('UNDECIDED', () => ({
  judged: 0,
  findings: [],
  undecided: 'no final view',
}))
const blind = invariant(
  'BLIND',
  () => ({ judged: 1, findings: [] }),
  'the client shows no statuses',
)
const broken = invariant('BROKEN', () => {
  throw new Error('index out of range')
})
const commit: EventBody = {
  type: 'serverCommit',
  position: 1,
  epoch: 'e',
  write: 'create',
  collection: 'messages',
  record: 'm1',
  version: FORMAT_VERSION,
  head: 0,
  author: 'ana',
}

const verdicts = (judgement: RunJudgement) =>
  judgement.invariants.map(({ id, verdict }) => `${id} ${verdict}`)

describe('judge', () => {
  it('judge passes a run if something was judged and every invariant held', () => {
    expect(judge(history(), [good, idle])).toMatchObject({ verdict: 'pass' })
  })

  it('judge fails a run on any finding, even if other invariants are unknown', () => {
    const judgement = judge(history({ exercised: { serverCommits: 9 } }), [
      good,
      bad,
      undecided,
      broken,
    ])
    expect(judgement.verdict).toBe('fail')
    expect(judgement.why).toBeUndefined()
    expect(judgement.invariants[0]?.findings).toEqual([
      { message: 'it broke', opIds: ['ana-1'], evidence: [0] },
    ])
  })

  it('judge returns unknown with the reason if a checker cannot decide or throws', () => {
    expect(judge(history(), [good, undecided])).toMatchObject({
      verdict: 'unknown',
      why: 'UNDECIDED: no final view',
    })
    expect(judge(history(), [good, broken])).toMatchObject({
      verdict: 'unknown',
      why: 'BROKEN: the checker itself failed: index out of range',
    })
  })

  it('judge returns unknown with the counts if the run exercised too little', () => {
    const judgement = judge(history({ exercised: { serverCommits: 2 }, events: [commit] }), [good])
    expect(judgement).toMatchObject({
      verdict: 'unknown',
      why: 'exercised too little: serverCommits 1, needs 2',
      exercised: [{ what: 'serverCommits', least: 2, got: 1 }],
    })
  })

  it('judge returns unknown if no invariant had anything to judge', () => {
    expect(judge(history(), [idle, blind])).toMatchObject({
      verdict: 'unknown',
      why: 'no invariant had anything to judge',
    })
    expect(judge(history(), []).verdict).toBe('unknown')
  })

  it('judge reports an invariant as idle if the client lacks what it needs, and why', () => {
    const judgement = judge(history(), [good, blind])
    expect(judgement.verdict).toBe('pass')
    expect(verdicts(judgement)).toEqual(['GOOD pass', 'BLIND idle'])
    expect(judgement.invariants[1]?.why).toBe('the client shows no statuses')
  })

  it('judge checks only the invariants that the scenario names; idle ones are unknown', () => {
    const judgement = judge(history({ invariants: ['IDLE', 'GOOD'] }), [good, bad, idle])
    expect(judgement.verdict).toBe('unknown')
    expect(verdicts(judgement)).toEqual(['GOOD pass', 'IDLE unknown'])
  })

  it('judge drops a finding that rests on a node whose reports were invalid, but no other', () => {
    const invalid: EventBody = { type: 'invalid', what: 'a view', received: '1', expected: '2' }
    const found = (...evidence: number[]) => ({ message: 'it broke', opIds: [], evidence })
    const mixed = invariant('MIXED', () => ({ judged: 2, findings: [found(0), found(0, 2)] }))
    const doubtful = invariant('DOUBTFUL', () => ({ judged: 1, findings: [found(0, 2)] }))
    // The server's events are 1 and 2, ana's action is 0.
    const wrong = history({ events: [commit, invalid] })
    expect(judge(wrong, [mixed]).invariants[0]?.findings).toEqual([found(0)])
    expect(judge(wrong, [mixed]).verdict).toBe('fail')
    expect(judge(wrong, [good, doubtful])).toMatchObject({
      verdict: 'unknown',
      why: expect.stringMatching(
        /^the server reported a view that is invalid: .*; DOUBTFUL: what it misses may be in/,
      ),
    })
    expect(judge(history({ events: [commit, commit] }), [doubtful]).verdict).toBe('fail')
  })

  it('judge returns unknown for an invariant that needs what the client hides', () => {
    const needy: Invariant = {
      ...good,
      id: 'NEEDY',
      needs: ({ statuses }) => (statuses ? undefined : 'the client shows no statuses'),
    }
    const row = { collection: 'messages', record: 'm1', id: '1', opId: 'ana-1' }
    const shown = (status?: 'sent'): History => {
      const { head, all } = history()
      const view = { rows: [{ ...row, ...(status && { status }) }] }
      return new History(head, [...all, { type: 'view', view, seq: 1, t: 1, node: 'ana' }])
    }
    expect(judge(shown(), [good, needy])).toMatchObject({
      verdict: 'unknown',
      why: 'NEEDY: the client declares statuses, but no row on its screens has one',
    })
    expect(judge(shown('sent'), [good, needy]).verdict).toBe('pass')
  })
})
