import { describe, expect, it } from 'vitest'
import { BARE } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import conflictBase from './conflict-base.ts'

const note = () => tinyHistory().create('ana-1', 'n1', 'old').commit('ana-1', { base: 0 })
/** ben has written version 2; ana's edit was made on version 1. */
const clash = () =>
  note()
    .update('ben-1', 'n1', 'ben')
    .commit('ben-1', { base: 1 })
    .as('ben')
    .update('ana-2', 'n1', 'ana')

describe('CONFLICT-BASE', () => {
  it('has nothing to judge without commits that tell their base', () => {
    expect(tinyHistory().check(conflictBase)).toEqual({ judged: 0, findings: [] })
    expect(tinyHistory().create('ana-1', 'm1').commit('ana-1').check(conflictBase)).toEqual({
      judged: 0,
      findings: [],
    })
    expect(conflictBase.needs(BARE)).toBeDefined()
  })

  it('is content with writes on the newest version, and with a clash that went through the policy', () => {
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

  it('finds a write that silently overwrote what its writer had not seen', () => {
    const history = clash()
      .commit('ana-2', { base: 1 })
      .as('ana')
      .outcome('ana-2', 'applied', { base: 1, head: 2 })
    expect(history.findings(conflictBase)).toEqual([
      {
        message:
          "ana's edit of note n1 'ana' (ana-2), made on version 1 of n1, silently overwrote version 2, ben's edit of note n1 'ben' (ben-1), at 600 ms",
        ops: ['ana-2', 'ben-1'],
        evidence: [history.seq('ben'), history.seq('ana')],
      },
    ])
  })

  it('asks the conflict records where a crash swallowed the outcome', () => {
    const recovered = () => clash().commit('ana-2', { base: 1, recovered: true })
    expect(recovered().state(undefined, ['ben-1']).findings(conflictBase)).toEqual([])
    expect(recovered().state(undefined, []).findings(conflictBase)).toHaveLength(1)
    expect(recovered().state().check(conflictBase)).toMatchObject({
      findings: [],
      undecided: expect.stringContaining('cannot be told'),
    })
  })

  it('finds a write that was judged against another version than the one that stood', () => {
    const history = clash().commit('ana-2', { base: 1, head: 1, version: 2 })
    expect(history.findings(conflictBase)[0]?.message).toContain(
      'against version 1 of n1; version 2 stood',
    )
  })

  it('finds a base the server never had', () => {
    expect(
      note().update('ana-2', 'n1').commit('ana-2', { base: 9 }).findings(conflictBase)[0]?.message,
    ).toContain('never had')
  })

  it('lets a record begin anew, and takes one log entry told twice for one', () => {
    expect(note().commit('ana-1', { base: 0, head: 0, version: 1 }).findings(conflictBase)).toEqual(
      [],
    )
    const told = clash().commit('ben-1', {
      base: 1,
      head: 1,
      version: 2,
      position: 2,
      recovered: true,
    })
    expect(told.findings(conflictBase)).toEqual([])
  })
})
