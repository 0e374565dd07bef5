import { describe, expect, it } from 'vitest'
import { FULL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import conflictVisible from './conflict-visible.ts'

/** Ben's edit stands, and Ana's lost to it. */
const lost = (capabilities = FULL) =>
  tinyHistory({ capabilities })
    .create('ana-1', 'n1', 'old')
    .accept('ana-1')
    .deliver('ana-1')
    .update('ben-1', 'n1', 'ben')
    .commit('ben-1')
    .update('ana-2', 'n1', 'mine')
    .accept('ana-2')
    .outcome('ana-2', 'conflict', { winner: 'k-ben-1' })
    .as('decision')
const told = (capabilities = FULL) => lost(capabilities).ack('ana-2', 'conflict').as('notice')
const readable = { conflicts: ['ana-2'] }

describe('CONFLICT-VISIBLE', () => {
  it('judges nothing without a conflict', () => {
    expect(
      tinyHistory().create('ana-1', 'n1').deliver('ana-1').heal().state().check(conflictVisible),
    ).toEqual({ judged: 0, findings: [] })
  })

  it('passes a text that the server keeps and its writer can read', () => {
    const history = told().heal().view('ana', ['ben-1 sent'], readable)
    expect(history.state(undefined, ['ana-2']).check(conflictVisible)).toEqual({
      judged: 2,
      findings: [],
    })
    const asRow = told().heal().view('ana', ['ana-2 failed']).state(undefined, ['ana-2'])
    expect(asRow.findings(conflictVisible)).toEqual([])
  })

  it('reports a text of which the server keeps no record', () => {
    const history = told().heal().view('ana', [], readable).state(undefined, []).as('state')
    expect(history.findings(conflictVisible)).toEqual([
      {
        message:
          "ana's edit of note n1 'mine' (ana-2) lost at 1.5 s, and the server has no conflict record of it",
        opIds: ['ana-2'],
        evidence: [history.seq('decision'), history.seq('state')],
      },
    ])
  })

  it('reports a current version that was replaced without a record', () => {
    const replaced = (kept: readonly string[]) =>
      tinyHistory()
        .create('ana-1', 'n1', 'old')
        .commit('ana-1')
        .update('ben-1', 'n1', 'ben')
        .commit('ben-1')
        .outcome('ben-1', 'applied', { loser: 'k-ana-1' })
        .state(undefined, kept)
        .findings(conflictVisible)
    expect(replaced(['ana-1'])).toEqual([])
    expect(replaced([])[0]?.message).toBe(
      "ana's note 'old' (ana-1) lost to ben's edit of note n1 'ben' (ben-1) at 500 ms, and the server has no conflict record of it",
    )
  })

  it('reports a text that its writer can no longer read, once the app was told', () => {
    const history = told().heal().view('ana', ['ben-1 sent']).as('screen')
    expect(history.state().findings(conflictVisible)).toEqual([
      {
        message:
          "ana's app was told at 1.6 s that ana's edit of note n1 'mine' (ana-2) lost; at the end its screen shows the text nowhere",
        opIds: ['ana-2'],
        evidence: [history.seq('notice'), history.seq('screen')],
      },
    ])
    const untold = lost().heal().view('ana', ['ben-1 sent']).state()
    expect(untold.check(conflictVisible)).toEqual({ judged: 0, findings: [] })
  })

  it('passes a text that its writer took back or replaced, or whose app is dead', () => {
    const end = (history: ReturnType<typeof lost>) =>
      history.heal().view('ana', ['ben-1 sent']).state().check(conflictVisible)
    const nothing = { judged: 0, findings: [] }
    expect(end(told().cancel('ana-3', 'ana-2'))).toEqual(nothing)
    expect(end(told().update('ana-3', 'n1', 'again').accept('ana-3'))).toEqual(nothing)
    expect(end(told().crash('ana'))).toEqual(nothing)
  })

  it('passes a repeated attempt at a write that took effect, and a lost deletion', () => {
    const repeated = lost().commit('ana-2').state(undefined, [])
    expect(repeated.check(conflictVisible)).toEqual({ judged: 0, findings: [] })
    const deletion = tinyHistory()
      .create('ana-1', 'n1')
      .commit('ana-1')
      .delete('ben-1', 'n1')
      .outcome('ben-1', 'conflict')
      .state(undefined, [])
    expect(deletion.check(conflictVisible)).toEqual({ judged: 0, findings: [] })
  })

  it('does not judge records of another epoch, nor a client that shows no conflicts', () => {
    const restored = lost().commit('ben-1', { epoch: 'e2' }).state(undefined, [])
    expect(restored.findings(conflictVisible)).toEqual([])
    const silent = told({ ...FULL, conflicts: false })
      .heal()
      .view('ana', ['ben-1 sent'])
      .state()
    expect(silent.findings(conflictVisible)).toEqual([])
  })

  it('is undecided if the screen was not read, or the app had no time', () => {
    expect(told().heal().state().check(conflictVisible).undecided).toContain('no final screen')
    const hasty = told().heal(1000).view('ana', ['ben-1 sent']).state().check(conflictVisible)
    expect(hasty).toMatchObject({ findings: [], undecided: expect.stringContaining('no time') })
  })
})
