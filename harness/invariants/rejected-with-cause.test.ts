import { describe, expect, it } from 'vitest'
import { type HistoryBuilder, tinyHistory } from '../testing/history-builder.ts'
import rejectedWithCause from './rejected-with-cause.ts'

const NEVER_HAD = { base: 2, head: 0, rule: 'base is a version the server never had' }
/** Ana has written a note and deleted it. */
const deleted = () =>
  tinyHistory()
    .create('ana-1', 'n1', 'plan')
    .accept('ana-1')
    .commit('ana-1')
    .delete('ana-2', 'n1')
    .accept('ana-2')
    .commit('ana-2')
    .as('deletion')
const note = () => tinyHistory().create('ben-1', 'n1', 'old').commit('ben-1').as('note')
const edited = () => note().update('ana-1', 'n1', 'new').accept('ana-1')

describe('REJECTED-WITH-CAUSE', () => {
  it('judges nothing without a final rejection', () => {
    const nothing = { judged: 0, findings: [] }
    expect(edited().deliver('ana-1').check(rejectedWithCause)).toEqual(nothing)
    const retried = edited().outcome('ana-1', 'rejected').outcome('ana-1', 'applied')
    expect(retried.check(rejectedWithCause)).toEqual(nothing)
    const cancelled = edited().outcome('ana-1', 'rejected').cancel('ana-2', 'ana-1')
    expect(cancelled.check(rejectedWithCause)).toEqual(nothing)
  })

  it('reports a note that its writer deleted and cannot write again after the purge', () => {
    const history = deleted().create('ana-3', 'n1', 'anew').accept('ana-3')
    history.outcome('ana-3', 'rejected', NEVER_HAD).as('rejection')
    expect(history.findings(rejectedWithCause)).toEqual([
      {
        message:
          "the server rejected ana's note 'anew' (ana-3) at 1.2 s (base is a version the server never had) without a cause: it was made on version 2, ana's deletion of note n1 (ana-2), which the server had made itself",
        opIds: ['ana-3'],
        evidence: [history.seq('deletion'), history.seq('rejection')],
      },
    ])
  })

  it('reports a write that its app sends as made on a version that nobody had made', () => {
    const history = tinyHistory().create('ana-1', 'n1', 'plan').accept('ana-1')
    history.outcome('ana-1', 'rejected', { ...NEVER_HAD, base: 1 }).as('rejection')
    expect(history.findings(rejectedWithCause)).toEqual([
      {
        message:
          "the server rejected ana's note 'plan' (ana-1) at 400 ms (base is a version the server never had) without a cause: the app sent it as made on version 1, which nobody had made",
        opIds: ['ana-1'],
        evidence: [history.seq('rejection')],
      },
    ])
  })

  it('reports an edit of a record that the server has and says it does not have', () => {
    const history = edited().outcome('ana-1', 'rejected', { base: 1, head: 0, rule: 'unknown' })
    expect(history.as('rejection').findings(rejectedWithCause)).toMatchObject([
      {
        message: expect.stringContaining("the record is there: ben's note 'old' (ben-1)"),
        evidence: [history.seq('note'), history.seq('rejection')],
      },
    ])
  })

  it('passes a conflict, a deleted record, one that is there already, and a rule', () => {
    const passes = (history: HistoryBuilder) =>
      expect(history.check(rejectedWithCause)).toEqual({ judged: 1, findings: [] })
    passes(edited().outcome('ana-1', 'rejected', { base: 0, head: 1 }))
    const gone = deleted().update('ben-1', 'n1', 'x').accept('ben-1')
    passes(gone.outcome('ben-1', 'rejected', { base: 2, head: 2 }))
    const purged = deleted().update('ben-1', 'n1', 'x').accept('ben-1')
    passes(purged.outcome('ben-1', 'rejected', { base: 1, head: 0 }))
    const unknowing = deleted().create('ben-1', 'n1', 'x').accept('ben-1')
    passes(unknowing.outcome('ben-1', 'rejected', { base: 1, head: 0 }))
    const exists = note().create('ana-1', 'n1', 'mine').accept('ana-1')
    passes(exists.outcome('ana-1', 'rejected', { base: 1, head: 1 }))
    passes(edited().outcome('ana-1', 'rejected', { base: 1, head: 1, rule: 'too long' }))
  })

  it('passes an edit after a refused write, an error status, and a restored server', () => {
    const dependent = tinyHistory()
      .create('ana-1', 'm1', 'x'.repeat(10))
      .accept('ana-1')
      .outcome('ana-1', 'rejected', { base: 0, head: 0, rule: 'too long' })
      .update('ana-2', 'm1', 'short')
      .accept('ana-2')
      .outcome('ana-2', 'rejected', { base: 0, head: 0 })
    expect(dependent.check(rejectedWithCause)).toEqual({ judged: 2, findings: [] })
    const status = edited()
      .request('ana', 'r1', ['ana-1'])
      .outcome('ana-1', 'rejected', { base: 1, head: 1 })
      .response('ana', 'r1', 422)
    expect(status.check(rejectedWithCause)).toEqual({ judged: 1, findings: [] })
    const restored = deleted()
      .create('ben-1', 'm2')
      .commit('ben-1', { epoch: 'e2' })
      .create('ana-3', 'n1')
      .accept('ana-3')
    const rejected = restored.outcome('ana-3', 'rejected', NEVER_HAD)
    expect(rejected.check(rejectedWithCause)).toEqual({ judged: 1, findings: [] })
  })

  it('reports a rejection that the app made up, such as that of a gateway', () => {
    const asked = () =>
      tinyHistory()
        .create('ben-1', 'm9')
        .outcome('ben-1', 'applied', { requestId: 'r0' })
        .create('ana-1', 'm1', 'Hi')
        .accept('ana-1')
        .request('ana', 'r1', ['ana-1'])
        .as('request')
    const gateway = asked()
      .response('ana', 'r1', 403)
      .settled('ana-1', 'rejected')
      .as('claim')
      .received('r0')
      .state()
    expect(gateway.findings(rejectedWithCause)).toEqual([
      {
        message:
          "ana's app reported ana's message 'Hi' (ana-1) as rejected at 800 ms; the server never rejected it",
        opIds: ['ana-1'],
        evidence: [gateway.seq('request'), gateway.seq('claim')],
      },
    ])
    const own = asked().received('r1').response('ana', 'r1', 403).settled('ana-1', 'rejected')
    expect(own.state().findings(rejectedWithCause)).toEqual([])
    /** The server's status, and in its place the gateway's. */
    const replaced = (status: number) =>
      asked()
        .received('r1')
        .responded('r1', status)
        .add('harness', {
          type: 'intercepted',
          requestId: 'r1',
          act: 'respond',
          moment: 'after',
          status: 403,
        })
        .response('ana', 'r1', 403)
        .settled('ana-1', 'rejected')
        .state()
    expect(replaced(500).findings(rejectedWithCause)).toHaveLength(1)
    expect(replaced(400).findings(rejectedWithCause)).toEqual([])
  })

  it('is undecided about a rejection that names no rule', () => {
    const history = edited().outcome('ana-1', 'rejected', { base: 1, head: 1 })
    expect(history.check(rejectedWithCause)).toMatchObject({
      judged: 1,
      findings: [],
      undecided: expect.stringContaining('it names no rule'),
    })
  })
})
