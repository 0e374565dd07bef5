import { describe, expect, it } from 'vitest'
import { MINIMAL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import conflictBase from './conflict-base.ts'

const note = () => tinyHistory().create('ana-1', 'n1', 'old').commit('ana-1', { base: 0 })
/** Ben wrote version 2; Ana made an edit on version 1. */
const clash = () =>
  note()
    .update('ben-1', 'n1', 'ben')
    .commit('ben-1', { base: 1 })
    .as('ben')
    .update('ana-2', 'n1', 'ana')

describe('CONFLICT-BASE', () => {
  it('judges only commits that report the version they were made on', () => {
    expect(tinyHistory().check(conflictBase)).toEqual({ judged: 0, findings: [] })
    expect(tinyHistory().create('ana-1', 'm1').commit('ana-1').check(conflictBase)).toEqual({
      judged: 0,
      findings: [],
    })
    expect(conflictBase.needs(MINIMAL)).toBeDefined()
  })

  it('passes writes on the newest version, and clashes that went through the policy', () => {
    expect(clash().check(conflictBase)).toEqual({ judged: 2, findings: [] })
    const settled = clash()
      .commit('ana-2', { base: 1 })
      .outcome('ana-2', 'applied', { base: 1, head: 2, loser: 'k-ben-1' })
    expect(settled.check(conflictBase)).toEqual({ judged: 3, findings: [] })
    const merged = clash()
      .commit('ana-2', { base: 1 })
      .outcome('ana-2', 'applied', { base: 1, head: 2, rule: 'fields merged' })
    expect(merged.findings(conflictBase)).toEqual([])
  })

  it('reports a write that silently overwrote a version its writer had not seen', () => {
    const history = clash()
      .commit('ana-2', { base: 1 })
      .as('ana')
      .outcome('ana-2', 'applied', { base: 1, head: 2 })
    expect(history.findings(conflictBase)).toEqual([
      {
        message:
          "ana's edit of note n1 'ana' (ana-2), made on version 1 of n1, silently overwrote version 2, ben's edit of note n1 'ben' (ben-1), at 600 ms",
        opIds: ['ana-2', 'ben-1'],
        evidence: [history.seq('ben'), history.seq('ana')],
      },
    ])
  })

  it('decides by the conflict records if a crash prevented the report of the outcome', () => {
    const recovered = () => clash().commit('ana-2', { base: 1, recovered: true })
    expect(recovered().state(undefined, ['ben-1']).findings(conflictBase)).toEqual([])
    expect(recovered().state(undefined, []).findings(conflictBase)).toHaveLength(1)
    expect(recovered().state().check(conflictBase)).toMatchObject({
      findings: [],
      undecided: expect.stringContaining('cannot be told'),
    })
  })

  it('reports a write that the server compared with another version than the current one', () => {
    const history = clash().commit('ana-2', { base: 1, head: 1, version: 2 })
    expect(history.findings(conflictBase)[0]?.message).toContain(
      'against version 1 of n1; version 2 stood',
    )
  })

  it('reports a write based on a version the server never had', () => {
    expect(
      note().update('ana-2', 'n1').commit('ana-2', { base: 9 }).findings(conflictBase)[0]?.message,
    ).toContain('never had')
  })

  it('passes a record whose versions restart, and a log entry that is reported twice', () => {
    expect(note().commit('ana-1', { base: 0, head: 0, version: 1 }).findings(conflictBase)).toEqual(
      [],
    )
    const repeated = clash().commit('ben-1', {
      base: 1,
      head: 1,
      version: 2,
      position: 2,
      recovered: true,
    })
    expect(repeated.findings(conflictBase)).toEqual([])
  })
})
