import { describe, expect, it } from 'vitest'
import { MINIMAL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import durable from './durable.ts'

const killed = () =>
  tinyHistory()
    .create('ana-1', 'm1', 'Hi')
    .localCommit('ana-1')
    .as('commit')
    .saved('ana-1')
    .crash('ana')
    .as('crash')
    .start('ana')
    .as('start')

describe('DURABLE', () => {
  it('judges nothing without a crash, or without a screen after it', () => {
    expect(tinyHistory().create('ana-1', 'm1').accept('ana-1').view('ana').check(durable)).toEqual({
      judged: 0,
      findings: [],
    })
    expect(killed().check(durable)).toEqual({ judged: 0, findings: [] })
    expect(killed().crash('ana').start('ana').check(durable)).toEqual({ judged: 0, findings: [] })
    expect(durable.needs(MINIMAL)).toBeDefined()
  })

  it('passes a write that is in the outbox or on the screen after the restart', () => {
    expect(killed().view('ana', ['ana-1 pending']).check(durable)).toEqual({
      judged: 1,
      findings: [],
    })
    expect(
      killed()
        .view('ana', [], { outbox: ['ana-1'] })
        .findings(durable),
    ).toEqual([])
    expect(killed().view('ana', ['ana-1'], { outbox: [] }).findings(durable)).toEqual([])
  })

  it('reports a write that did not survive a crash', () => {
    const history = killed().view('ana').as('view')
    expect(history.findings(durable)).toEqual([
      {
        message:
          "ana's message 'Hi' (ana-1) was saved at 200 ms; after ana's app was killed at 400 ms and started again, it is gone from the device",
        opIds: ['ana-1'],
        evidence: ['commit', 'crash', 'start', 'view'].map((name) => history.seq(name)),
      },
    ])
  })

  it('requires a deletion to survive: as an outbox entry, or as a hidden record', () => {
    const deletion = () =>
      tinyHistory().delete('ana-1', 'm1').accept('ana-1').crash('ana').start('ana')
    expect(
      deletion()
        .view('ana', [], { outbox: ['ana-1'] })
        .findings(durable),
    ).toEqual([])
    expect(deletion().view('ana').findings(durable)).toHaveLength(1)
  })

  it('passes an earlier write if a later write to the record survived', () => {
    const both = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .update('ana-2', 'm1', 'x')
      .accept('ana-2')
      .crash('ana')
      .start('ana')
    expect(both.view('ana', ['ana-2 pending']).check(durable)).toEqual({ judged: 2, findings: [] })
  })

  it('skips writes that were complete, may have been, or were never promised to be on disk', () => {
    const sent = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .deliver('ana-1')
      .crash('ana')
      .start('ana')
      .view('ana')
    expect(sent.check(durable)).toEqual({ judged: 0, findings: [] })
    const unreported = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .request('ana', 'r1', ['ana-1'])
      .outcome('ana-1', 'conflict', { requestId: 'r1' })
    expect(unreported.crash('ana').start('ana').view('ana').check(durable)).toEqual({
      judged: 0,
      findings: [],
    })
    const pulled = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .request('ana', 'r1', ['ana-1'])
      .commit('ana-1')
      .response('ana', 'r1', 'reset')
    expect(
      pulled.request('ana', 'r2').crash('ana').start('ana').view('ana').check(durable),
    ).toEqual({ judged: 0, findings: [] })
    const memory = tinyHistory()
      .create('ana-1', 'm1')
      .saved('ana-1', false)
      .crash('ana')
      .start('ana')
      .view('ana')
    expect(memory.check(durable)).toEqual({ judged: 0, findings: [] })
  })

  it('reports a write that was in flight at the crash and never reached the server', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .request('ana', 'r1', ['ana-1'])
      .crash('ana')
      .start('ana')
      .view('ana')
    expect(history.findings(durable)).toHaveLength(1)
  })

  it('skips a write that completes before an app that starts slowly shows its first screen', () => {
    const slow = killed()
      .add('ana', { type: 'viewRequested', request: 1 })
      .deliver('ana-1')
      .add('ana', { type: 'view', view: { rows: [] }, request: 1 })
    expect(slow.check(durable)).toEqual({ judged: 0, findings: [] })
  })
})
