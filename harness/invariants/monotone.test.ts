import { describe, expect, it } from 'vitest'
import { MINIMAL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import monotone from './monotone.ts'

/** Versions 1 and 2 of a note. */
const note = () =>
  tinyHistory()
    .create('ana-1', 'n1', 'old')
    .accept('ana-1')
    .commit('ana-1')
    .update('ana-2', 'n1', 'new')
    .accept('ana-2')
    .commit('ana-2')
    .as('second')

describe('MONOTONE', () => {
  it('judges nothing without versions, and needs a client that shows them', () => {
    expect(tinyHistory().create('ana-1', 'n1').view('ana', ['ana-1']).check(monotone)).toEqual({
      judged: 0,
      findings: [],
    })
    expect(monotone.needs(MINIMAL)).toBeDefined()
  })

  it('passes versions that rise, on the server and on screens', () => {
    const history = note().view('ben', ['ana-1 sent@1']).view('ben', ['ana-2 sent@2'])
    expect(history.check(monotone)).toEqual({ judged: 4, findings: [] })
  })

  describe('on the server', () => {
    const deleted = () =>
      note().delete('ana-3', 'n1').accept('ana-3').commit('ana-3').as('deletion')
    const again = (history: ReturnType<typeof note>) => history.create('ben-1', 'n1', 'again')

    it('reports a record whose versions restart within an epoch', () => {
      const history = again(deleted()).commit('ben-1', { version: 1, head: 0 }).as('restart')
      expect(history.findings(monotone)).toEqual([
        {
          message:
            "ben's note 'again' (ben-1) became version 1 of n1 at 1.4 s; version 3 had been ana's deletion of note n1 (ana-3), in the same epoch",
          opIds: ['ana-3', 'ben-1'],
          evidence: [history.seq('deletion'), history.seq('restart')],
        },
      ])
    })

    it('reports two writes with one version', () => {
      const twice = again(deleted()).commit('ben-1', { version: 3 })
      expect(twice.findings(monotone)).toHaveLength(1)
    })

    it('passes a gap, another epoch, and a second effect of one operation', () => {
      const fields = { version: 9, head: 0 }
      expect(again(deleted()).commit('ben-1', fields).findings(monotone)).toEqual([])
      const restored = again(deleted()).commit('ben-1', { version: 1, epoch: 'e2' })
      expect(restored.findings(monotone)).toEqual([])
      expect(note().commit('ana-2', { version: 1 }).findings(monotone)).toEqual([])
    })

    it('does not accuse screens of what the server restarted', () => {
      const history = again(deleted()).view('ben', ['ana-2 sent@2'])
      const restart = history.commit('ben-1', { version: 1 }).view('ben', ['ben-1 sent@1'])
      expect(restart.findings(monotone)).toHaveLength(1)
    })
  })

  describe('on a screen', () => {
    it('reports an older version than was shown, once', () => {
      const history = note()
        .view('ben', ['ana-2 sent@2'])
        .as('new')
        .view('ben', ['ana-1 sent@1'])
        .as('old')
        .view('ben', ['ana-1 failed@1'])
      expect(history.findings(monotone)).toEqual([
        {
          message:
            "ben's screen at 1 s shows version 1 of notes n1; it had shown version 2 at 900 ms",
          opIds: ['ana-1'],
          evidence: [history.seq('new'), history.seq('old')],
        },
      ])
    })

    it('reports an older version than a page or an ack had brought', () => {
      const paged = note().cursor('ben', 2, ['n1@2']).view('ben', ['ana-1 sent@1'])
      expect(paged.findings(monotone)[0]?.message).toContain('its app had stored version 2')
      const acked = note().ack('ana-2').view('ana', ['ana-1 sent@1'])
      expect(acked.findings(monotone)).toHaveLength(1)
    })

    it('passes an old page that comes after an ack: the client ignores it', () => {
      const late = note().ack('ana-2').cursor('ana', 1, ['n1@1']).view('ana', ['ana-2 sent@2'])
      expect(late.findings(monotone)).toEqual([])
    })

    it('passes a late view that was asked for before the new version came', () => {
      const view = note().view('ben', ['ana-1 sent@1']).build().of('view')[0]?.view ?? { rows: [] }
      const late = note()
        .add('ben', { type: 'viewRequested', request: 1 })
        .cursor('ben', 2, ['n1@2'])
        .add('ben', { type: 'view', view, request: 1 })
      expect(late.findings(monotone)).toEqual([])
    })

    it('passes a new epoch, also on the screen just before its first page', () => {
      const page = (epoch: string, row: string) => note().cursor('ben', 2, [row], { epoch })
      const restored = page('e1', 'n1@2').cursor('ben', 1, ['n1@1'], { epoch: 'e2' })
      expect(restored.view('ben', ['ana-1 sent@1']).findings(monotone)).toEqual([])
      const early = page('e1', 'n1@2').view('ben', ['ana-1 sent@1'])
      expect(early.cursor('ben', 1, ['n1@1'], { epoch: 'e2' }).findings(monotone)).toEqual([])
    })

    it('passes an app that was killed and shows what it had stored', () => {
      const killed = note().cursor('ben', 1, ['n1@1']).view('ben', ['ana-2 sent@2']).crash('ben')
      expect(killed.start('ben').view('ben', ['ana-1 sent@1']).findings(monotone)).toEqual([])
    })

    it('skips a record with two rows', () => {
      const twice = note().view('ben', ['ana-2 sent@2', 'ana-1 sent@1'])
      expect(twice.findings(monotone)).toEqual([])
    })
  })
})
