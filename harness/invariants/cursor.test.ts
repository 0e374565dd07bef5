import { describe, expect, it } from 'vitest'
import { MINIMAL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import cursor from './cursor.ts'

const three = () =>
  tinyHistory().create('ana-1', 'm1').create('ana-2', 'm2', 'Ho').create('ana-3', 'm3')
const committed = () => three().commit('ana-1').commit('ana-2').as('two').commit('ana-3')

describe('CURSOR', () => {
  it('judges nothing without a cursor, and needs a client that keeps one', () => {
    expect(committed().check(cursor)).toEqual({ judged: 0, findings: [] })
    expect(cursor.needs(MINIMAL)).toBeDefined()
  })

  it('passes if every commit up to the cursor came in a page or was acknowledged', () => {
    expect(
      committed().cursor('ben', 1, ['m1@1']).cursor('ben', 3, ['m2@1', 'm3@1']).check(cursor),
    ).toEqual({ judged: 2, findings: [] })
    expect(
      committed().accept('ana-2').ack('ana-2').cursor('ana', 3, ['m1@1', 'm3@1']).findings(cursor),
    ).toEqual([])
  })

  it('reports a commit that a cursor skipped', () => {
    const history = committed().cursor('ben', 3, ['m1@1', 'm3@1']).as('page')
    expect(history.findings(cursor)).toEqual([
      {
        message:
          "ben saved cursor 3 at 700 ms without ever getting commit 2, ana's message 'Ho' (ana-2)",
        opIds: ['ana-2'],
        evidence: [history.seq('two'), history.seq('page')],
      },
    ])
  })

  it('reports a commit that became visible below a saved cursor, at the next page', () => {
    const late = () =>
      three()
        .commit('ana-1')
        .commit('ana-3', { position: 3 })
        .cursor('ben', 3, ['m1@1', 'm3@1'])
        .commit('ana-2', { position: 2 })
    expect(late().findings(cursor)).toEqual([])
    const next = late().cursor('ben', 3).as('next')
    expect(next.findings(cursor)[0]?.evidence).toContain(next.seq('next'))
  })

  it('does not blame a page for a commit made under its number after the server responded', () => {
    const served = () =>
      three()
        .commit('ana-1')
        .roundTrip('ben', 'p1')
        .commit('ana-2', { position: 2 })
        .cursor('ben', 2, ['m1@1'])
    expect(served().findings(cursor)).toEqual([])
    const reused = served().at(40_000).commit('ana-3', { position: 2 })
    expect(reused.findings(cursor)).toEqual([])
    const before = three().commit('ana-1').commit('ana-2').roundTrip('ben', 'p1')
    expect(before.cursor('ben', 2, ['m1@1']).findings(cursor)).toHaveLength(1)
  })

  it('claims a commit that was found after a crash from then on', () => {
    const found = three()
      .commit('ana-1')
      .cursor('ben', 2, ['m1@1'])
      .commit('ana-2', { position: 2, recovered: true })
    expect(found.findings(cursor)).toEqual([])
    expect(found.commit('ana-3').cursor('ben', 3, ['m3@1']).findings(cursor)).toHaveLength(1)
  })

  it('passes if a newer version of the record replaces the commit, pulled or yet to come', () => {
    const edited = () =>
      tinyHistory().create('ana-1', 'm1').create('ana-2', 'm2').update('ana-3', 'm1', 'x')
    expect(
      edited().commit('ana-1').commit('ana-3').cursor('ben', 2, ['m1@2']).findings(cursor),
    ).toEqual([])
    expect(
      edited()
        .commit('ana-1')
        .commit('ana-2')
        .commit('ana-3')
        .cursor('ben', 2, ['m2@1'])
        .findings(cursor),
    ).toEqual([])
    const afterwards = edited()
      .commit('ana-1')
      .commit('ana-2')
      .cursor('ben', 2, ['m2@1'])
      .at(60_000)
      .commit('ana-3')
    expect(afterwards.findings(cursor)).toHaveLength(1)
  })

  it('requires tombstones in a page of changes, not in a resync', () => {
    const deleted = () =>
      tinyHistory().create('ana-1', 'm1').delete('ana-2', 'm1').commit('ana-1').commit('ana-2')
    expect(deleted().cursor('ben', 2, [], { full: true }).findings(cursor)).toEqual([])
    expect(deleted().cursor('ben', 2, ['-m1@2']).findings(cursor)).toEqual([])
    expect(deleted().cursor('ben', 1, ['m1@1']).cursor('ben', 2, []).findings(cursor)).toHaveLength(
      1,
    )
  })

  it('passes a resync with a record whose versions restarted after a purge', () => {
    const purged = tinyHistory()
      .create('ana-1', 'm1')
      .commit('ana-1')
      .delete('ana-2', 'm1')
      .commit('ana-2')
      .create('ana-3', 'm1')
      .commit('ana-3', { head: 0, version: 1 })
    expect(purged.cursor('ben', 3, ['m1@1'], { full: true }).findings(cursor)).toEqual([])
  })

  it('passes if a crash may have prevented the report of a page', () => {
    const history = committed()
      .request('ben', 'p1')
      .crash('ben')
      .start('ben')
      .cursor('ben', 3, ['m3@1'])
    expect(history.findings(cursor)).toEqual([])
    const idle = committed().crash('ben').start('ben').cursor('ben', 3, ['m3@1'])
    expect(idle.findings(cursor)[0]?.message).toMatch(/and 1 more$/)
  })

  it('skips collections that the client does not keep, and other epochs', () => {
    const notes = tinyHistory({ capabilities: { collections: ['messages'] } })
      .create('ana-1', 'n1', 'x')
      .commit('ana-1')
    expect(notes.cursor('ben', 1).findings(cursor)).toEqual([])
    expect(three().commit('ana-1', { epoch: 'e0' }).cursor('ben', 1).findings(cursor)).toEqual([])
  })
})
