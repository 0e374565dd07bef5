import { describe, expect, it } from 'vitest'
import { MINIMAL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import allSynced from './all-synced.ts'

const claim = { allSynced: true, outbox: [] }
const waiting = () =>
  tinyHistory().create('ana-1', 'm1', 'Hi').localCommit('ana-1').as('accepted').saved('ana-1')
const quiet = { ...MINIMAL, allSynced: true }

describe('ALL-SYNCED', () => {
  it('judges nothing in an empty history, nor screens that claim nothing', () => {
    expect(tinyHistory().check(allSynced)).toEqual({ judged: 0, findings: [] })
    const modest = waiting().view('ana', ['ana-1 pending'], { allSynced: false })
    expect(modest.check(allSynced)).toEqual({ judged: 0, findings: [] })
  })

  it('passes a claim after everything has ended, and without a write', () => {
    const history = tinyHistory()
      .view('ana', [], claim)
      .create('ana-1', 'm1')
      .accept('ana-1')
      .deliver('ana-1')
      .view('ana', ['ana-1 sent'], claim)
      .heal()
      .view('ben', ['ana-1 sent'], claim)
      .state()
    expect(history.check(allSynced)).toEqual({ judged: 3, findings: [] })
  })

  it('reports a claim on a screen that shows a waiting write', () => {
    const history = waiting().view('ana', ['ana-1 pending'], { allSynced: true }).as('claim')
    expect(history.findings(allSynced)).toEqual([
      {
        message:
          "ana's app claims that everything is synced at 400 ms, and the same screen shows m1 waiting",
        opIds: ['ana-1'],
        evidence: [history.seq('claim')],
      },
    ])
  })

  it('reports a claim while an accepted write waits, though the screen hides that', () => {
    const history = waiting().view('ana', ['ana-1 sent'], claim).as('claim').deliver('ana-1')
    expect(history.findings(allSynced)).toEqual([
      {
        message:
          "ana's app claims that everything is synced at 400 ms, while ana's message 'Hi' (ana-1), accepted at 200 ms, still waits",
        opIds: ['ana-1'],
        evidence: [history.seq('accepted'), history.seq('claim')],
      },
    ])
  })

  it('forgives a late view, which may show what was true before the write', () => {
    const late = tinyHistory()
      .add('ana', { type: 'viewRequested', request: 1 })
      .create('ana-1', 'm1')
      .accept('ana-1')
      .add('ana', { type: 'view', view: { rows: [], allSynced: true }, request: 1 })
    expect(late.findings(allSynced)).toEqual([])
  })

  it('accepts a claim after a refusal, a cancellation, or a newer write that has ended', () => {
    const rejected = waiting().ack('ana-1', 'rejected').view('ana', ['ana-1 failed'], claim)
    expect(rejected.findings(allSynced)).toEqual([])
    const cancelled = waiting().cancel('ana-2', 'ana-1').view('ana', [], claim)
    expect(cancelled.findings(allSynced)).toEqual([])
    const newer = waiting()
      .update('ana-2', 'm1')
      .accept('ana-2')
      .deliver('ana-2')
      .view('ana', ['ana-2 sent'], claim)
    expect(newer.findings(allSynced)).toEqual([])
  })

  it('accepts a claim of an app that may have learnt the end just before it was killed', () => {
    const history = waiting()
      .request('ana', 'r1', ['ana-1'])
      .commit('ana-1')
      .outcome('ana-1', 'applied', { requestId: 'r1' })
      .crash('ana')
      .start('ana')
      .view('ana', ['ana-1 sent'], claim)
    expect(history.findings(allSynced)).toEqual([])
  })

  it('judges a client without acks by the server’s commits, and its deletions not at all', () => {
    const written = () => tinyHistory({ capabilities: quiet }).create('ana-1', 'm1').saved('ana-1')
    const bare = { allSynced: true }
    const early = written().view('ana', ['ana-1'], bare).commit('ana-1')
    expect(early.findings(allSynced)).toHaveLength(1)
    expect(written().commit('ana-1').view('ana', ['ana-1'], bare).findings(allSynced)).toEqual([])
    expect(written().view('ana', ['ana-1'], bare).findings(allSynced), 'no commits').toEqual([])
    const deleted = written()
      .commit('ana-1')
      .delete('ana-2', 'm1')
      .saved('ana-2')
      .view('ana', [], bare)
    expect(deleted.findings(allSynced)).toEqual([])
  })

  it('reports a claim at the end on a screen that lacks what the server has', () => {
    const arrived = () => waiting().deliver('ana-1')
    const lacks = arrived().heal().view('ben', [], claim).as('claim').state().as('state')
    expect(lacks.findings(allSynced)).toEqual([
      {
        message:
          "ben's app claims at the end that everything is synced, but its screen lacks ana's message 'Hi' (ana-1), which the server has",
        opIds: ['ana-1'],
        evidence: [lacks.seq('claim'), lacks.seq('state')],
      },
    ])
    const hasty = arrived().heal(5000).view('ben', [], claim).state()
    expect(hasty.findings(allSynced), 'no time to recover').toEqual([])
    const before = arrived().view('ben', [], claim).heal().view('ben', ['ana-1 sent']).state()
    expect(before.findings(allSynced), 'in the middle of the run').toEqual([])
    const moving = waiting().heal().view('ben', [], claim).deliver('ana-1').state()
    expect(moving.findings(allSynced), 'committed while read').toEqual([])
  })
})
