import { describe, expect, it } from 'vitest'
import { MINIMAL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import readYourWrites from './read-your-writes.ts'

const accepted = () => tinyHistory().create('ana-1', 'm1', 'Hi').accept('ana-1').as('saved')

describe('READ-YOUR-WRITES', () => {
  it('judges nothing without a screen between acceptance and completion', () => {
    expect(accepted().check(readYourWrites)).toEqual({ judged: 0, findings: [] })
    expect(accepted().deliver('ana-1').view('ana').check(readYourWrites)).toEqual({
      judged: 0,
      findings: [],
    })
  })

  it('passes a write that is on every screen until it is complete', () => {
    expect(
      accepted().view('ana', ['ana-1 pending']).deliver('ana-1').view('ana').check(readYourWrites),
    ).toEqual({ judged: 1, findings: [] })
  })

  it('reports a pending edit that a pull overwrote', () => {
    const history = tinyHistory()
      .create('ben-1', 'n1', 'old')
      .commit('ben-1')
      .update('ana-1', 'n1', 'new')
      .localCommit('ana-1')
      .as('commit')
      .saved('ana-1')
    history
      .cursor('ana', 1, ['n1@1'])
      .view('ana', ['ben-1 sent'], { outbox: ['ana-1'] })
      .as('view')
    expect(history.findings(readYourWrites)).toEqual([
      {
        message:
          "ana's edit of note n1 'new' (ana-1) was taken at 400 ms and had not ended; ana's own screen at 700 ms shows 'old' (ben-1) instead",
        opIds: ['ana-1'],
        evidence: [history.seq('commit'), history.seq('view')],
      },
    ])
  })

  it('reports a vanished message of a client that reports only "saved"', () => {
    const history = tinyHistory({ capabilities: MINIMAL })
      .create('ana-1', 'm1')
      .saved('ana-1', false)
      .view('ana')
    expect(history.findings(readYourWrites)[0]?.message).toMatch(/does not show it$/)
  })

  it('passes an earlier write if the screen shows a later write of the device', () => {
    const edited = accepted()
      .update('ana-2', 'm1', 'Hi!')
      .accept('ana-2')
      .view('ana', ['ana-2 pending'])
    expect(edited.findings(readYourWrites)).toEqual([])
    const deleted = accepted()
      .delete('ana-2', 'm1')
      .accept('ana-2')
      .view('ana', [], { outbox: ['ana-1', 'ana-2'] })
    expect(deleted.check(readYourWrites)).toEqual({ judged: 1, findings: [] })
    expect(
      accepted()
        .delete('ana-2', 'm1')
        .accept('ana-2')
        .view('ana', ['ana-1 pending'])
        .findings(readYourWrites),
    ).toHaveLength(1)
  })

  it('requires nothing after a conflict, a cancellation, or a pull that returned the write', () => {
    expect(accepted().ack('ana-1', 'conflict').view('ana').findings(readYourWrites)).toEqual([])
    expect(accepted().cancel('ana-2', 'ana-1').view('ana').findings(readYourWrites)).toEqual([])
    expect(
      accepted().commit('ana-1').cursor('ana', 1, ['m1@1']).view('ana').findings(readYourWrites),
    ).toEqual([])
  })

  it('skips a write only if it may have been completed just before a crash', () => {
    const asked = () => accepted().request('ana', 'r1', ['ana-1'])
    const answered = asked()
      .commit('ana-1')
      .outcome('ana-1', 'applied', { requestId: 'r1' })
      .crash('ana')
      .start('ana')
      .view('ana')
    expect(answered.findings(readYourWrites)).toEqual([])
    expect(asked().crash('ana').start('ana').view('ana').findings(readYourWrites)).toHaveLength(1)
    const failed = asked()
      .commit('ana-1')
      .outcome('ana-1', 'applied', { requestId: 'r1' })
      .response('ana', 'r1', 'timeout')
    expect(failed.crash('ana').start('ana').view('ana').findings(readYourWrites)).toHaveLength(1)
  })

  it('skips committed writes of a client that reports no acks', () => {
    const history = tinyHistory({ capabilities: MINIMAL })
      .create('ana-1', 'm1')
      .saved('ana-1')
      .commit('ana-1')
      .view('ana')
    expect(history.findings(readYourWrites)).toEqual([])
  })

  it('counts a later write of the person from its beginning, not from its acceptance', () => {
    const begun = () => accepted().update('ana-2', 'm1', 'Hi!')
    const shown = begun().view('ana', ['ana-2 pending'])
    expect(shown.accept('ana-2').findings(readYourWrites)).toEqual([])
    expect(begun().view('ana', ['ana-2 pending']).findings(readYourWrites)).toEqual([])
    const refused = begun().refused('ana-2').view('ana')
    expect(refused.findings(readYourWrites)).toHaveLength(1)
  })

  it('requires nothing once a screen has shown the write as lost to a conflict', () => {
    const history = accepted()
      .view('ana', [], { conflicts: ['ana-1'] })
      .view('ana')
    expect(history.findings(readYourWrites)).toEqual([])
  })

  it('forgives a late screen that was asked for before the write was accepted', () => {
    const late = tinyHistory()
      .add('ana', { type: 'viewRequested', request: 1 })
      .create('ana-1', 'm1', 'Hi')
      .accept('ana-1')
      .add('ana', { type: 'view', view: { rows: [] }, request: 1 })
    expect(late.check(readYourWrites)).toEqual({ judged: 0, findings: [] })
    const asked = accepted()
      .add('ana', { type: 'viewRequested', request: 1 })
      .add('ana', { type: 'view', view: { rows: [] }, request: 1 })
    expect(asked.findings(readYourWrites)).toHaveLength(1)
  })

  it('skips a deletion that may have been carried out, of a client that reports no acks', () => {
    const history = tinyHistory({ capabilities: MINIMAL })
      .create('ben-1', 'n1')
      .commit('ben-1')
      .delete('ana-1', 'n1')
      .saved('ana-1')
      .delete('ana-2', 'n1')
      .saved('ana-2')
      .commit('ana-1')
      .view('ana', ['ben-1'])
    expect(history.findings(readYourWrites)).toEqual([])
  })
})
