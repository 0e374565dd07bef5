import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import cancel from './cancel.ts'

const accepted = () => tinyHistory().create('ana-1', 'm1', 'Hi').accept('ana-1')
const takenBack = (history = accepted()) =>
  history.cancel('ana-2', 'ana-1').saved('ana-2').as('taken back')

describe('CANCEL', () => {
  it('judges nothing without an accepted cancellation', () => {
    const nothing = { judged: 0, findings: [] }
    expect(accepted().deliver('ana-1').heal().state().check(cancel)).toEqual(nothing)
    const refused = accepted().deliver('ana-1').cancel('ana-2', 'ana-1').refused('ana-2')
    expect(refused.heal().state().check(cancel)).toEqual(nothing)
    const cutOff = accepted().cancel('ana-2', 'ana-1').crash('ana').start('ana').deliver('ana-1')
    expect(cutOff.heal().state().check(cancel)).toEqual(nothing)
  })

  it('passes a write that was never sent, or whose request was refused by the network', () => {
    expect(takenBack().heal().state().check(cancel)).toEqual({ judged: 1, findings: [] })
    const asked = accepted().request('ana', 'r1', ['ana-1']).response('ana', 'r1', 'refused')
    expect(takenBack(asked).heal().state().findings(cancel)).toEqual([])
  })

  it('calls a request under way that the network refuses only after the cancellation', () => {
    const asked = takenBack(accepted().request('ana', 'r1', ['ana-1']))
    const arrived = asked.response('ana', 'r1', 'refused').request('ana', 'r2', ['ana-1'])
    const gone = arrived.commit('ana-1').delete('ana-3', 'm1').commit('ana-3')
    expect(gone.heal().state().check(cancel)).toEqual({ judged: 1, findings: [] })
  })

  it('reports a write that was taken back before it was sent, and arrived', () => {
    const history = takenBack().request('ana', 'r1', ['ana-1']).as('sent').commit('ana-1')
    history.as('commit').heal().state()
    expect(history.findings(cancel)).toEqual([
      {
        message:
          "ana took back ana's message 'Hi' (ana-1) at 500 ms, before it was sent; the server carried it out at 700 ms",
        opIds: ['ana-1', 'ana-2'],
        evidence: ['taken back', 'sent', 'commit'].map((name) => history.seq(name)),
      },
    ])
  })

  it('requires a write that was on its way to be gone in the end, not earlier', () => {
    const onItsWay = () => takenBack(accepted().request('ana', 'r1', ['ana-1']))
    const deleted = onItsWay().commit('ana-1').delete('ana-3', 'm1').commit('ana-3')
    expect(deleted.heal().state().check(cancel)).toEqual({ judged: 1, findings: [] })
    const history = onItsWay().commit('ana-1').as('commit').heal().state().as('state')
    expect(history.findings(cancel)).toEqual([
      {
        message:
          "ana took back ana's message 'Hi' (ana-1) at 600 ms, while it was on its way; the server still has it at the end",
        opIds: ['ana-1', 'ana-2'],
        evidence: ['taken back', 'commit', 'state'].map((name) => history.seq(name)),
      },
    ])
  })

  it('passes a record that somebody else has written since, and a cancelled deletion', () => {
    const edited = takenBack(accepted().request('ana', 'r1', ['ana-1']))
      .commit('ana-1')
      .update('ben-1', 'm1', 'Hello')
      .commit('ben-1')
    expect(edited.heal().state().findings(cancel)).toEqual([])
    const deletion = accepted().deliver('ana-1').delete('ana-2', 'm1').accept('ana-2')
    const kept = deletion.cancel('ana-3', 'ana-2').saved('ana-3').commit('ana-2')
    expect(kept.heal().state().check(cancel)).toEqual({ judged: 0, findings: [] })
  })

  it('judges the edits of a cancelled creation, too', () => {
    const history = accepted()
      .update('ana-2', 'm1', 'Hi!')
      .accept('ana-2')
      .cancel('ana-3', 'ana-1')
      .saved('ana-3')
      .commit('ana-2')
    expect(history.request('ana', 'r1').heal().state().findings(cancel)[0]?.opIds).toEqual([
      'ana-2',
      'ana-3',
    ])
  })

  it('is undecided if the server was not read, or had no time to delete the write', () => {
    const onItsWay = () => takenBack(accepted().request('ana', 'r1', ['ana-1'])).commit('ana-1')
    for (const history of [onItsWay().heal(), onItsWay().heal(1000).state()])
      expect(history.check(cancel)).toMatchObject({
        findings: [],
        undecided: expect.stringContaining("ana's message 'Hi' (ana-1), which was taken back"),
      })
  })
})
