import { describe, expect, it } from 'vitest'
import { at, scenario } from '../core/build.ts'
import type { Capabilities } from '../core/capabilities.ts'
import type { Event, EventBody } from '../core/event.ts'
import type { Exercised } from '../core/exercise.ts'
import { History } from '../core/history.ts'
import { historyHead } from '../core/history-head.ts'
import type { Invariant, Judgement } from '../core/invariant.ts'
import tinyClient from '../testing/tiny-client.ts'
import { send } from '../workload/chat.ts'
import { judge } from './judge.ts'

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
  const events = (options.events ?? []).map(
    (body, seq): Event => ({ ...body, seq, t: seq, node: 'server' }),
  )
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
  findings: [{ message: 'it broke', ops: ['ana-1'], evidence: [0] }],
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
  version: 1,
  head: 0,
  author: 'ana',
}

const verdicts = (judged: ReturnType<typeof judge>) =>
  judged.invariants.map(({ id, verdict }) => `${id} ${verdict}`)

describe('judge', () => {
  it('passes when something was judged and all of it held', () => {
    expect(judge(history(), [good, idle])).toMatchObject({ verdict: 'pass' })
  })

  it('fails on any finding, whatever else is unknown', () => {
    const judged = judge(history({ exercised: { serverCommits: 9 } }), [
      good,
      bad,
      undecided,
      broken,
    ])
    expect([judged.verdict, judged.why]).toEqual(['fail', undefined])
    expect(judged.invariants[0]?.findings).toEqual([
      { message: 'it broke', ops: ['ana-1'], evidence: [0] },
    ])
  })

  it('is unknown when a checker cannot decide or fails itself, and says why', () => {
    expect(judge(history(), [good, undecided])).toMatchObject({
      verdict: 'unknown',
      why: 'UNDECIDED: no final view',
    })
    expect(judge(history(), [good, broken])).toMatchObject({
      verdict: 'unknown',
      why: 'BROKEN: the checker itself failed: index out of range',
    })
  })

  it('is unknown when the run did too little, and says what and how much', () => {
    const judged = judge(history({ exercised: { serverCommits: 2 }, events: [commit] }), [good])
    expect(judged).toMatchObject({
      verdict: 'unknown',
      why: 'exercised too little: serverCommits 1, needs 2',
      exercised: [{ what: 'serverCommits', least: 2, got: 1 }],
    })
  })

  it('is unknown when nothing was judged at all', () => {
    expect(judge(history(), [idle, blind])).toMatchObject({
      verdict: 'unknown',
      why: 'no invariant had anything to judge',
    })
    expect(judge(history(), []).verdict).toBe('unknown')
  })

  it('gives no weight to what a client cannot show, but says so', () => {
    const judged = judge(history(), [good, blind])
    expect([judged.verdict, ...verdicts(judged)]).toEqual(['pass', 'GOOD pass', 'BLIND idle'])
    expect(judged.invariants[1]?.why).toBe('the client shows no statuses')
  })

  it('judges only the invariants the scenario asks for, and takes their silence for unknown', () => {
    const judged = judge(history({ invariants: ['IDLE', 'GOOD'] }), [good, bad, idle])
    expect([judged.verdict, ...verdicts(judged)]).toEqual(['unknown', 'GOOD pass', 'IDLE unknown'])
  })
})
