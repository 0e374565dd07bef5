import { describe, expect, it } from 'vitest'
import { MINIMAL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import noResurrect from './no-resurrect.ts'

const deleted = () =>
  tinyHistory()
    .create('ana-1', 'm1', 'Hi')
    .accept('ana-1')
    .deliver('ana-1')
    .delete('ben-1', 'm1')
    .accept('ben-1')
    .commit('ben-1')
    .as('deletion')

describe('NO-RESURRECT', () => {
  it('judges nothing without a deletion, and needs a client that can delete', () => {
    expect(tinyHistory().create('ana-1', 'm1').deliver('ana-1').check(noResurrect)).toEqual({
      judged: 0,
      findings: [],
    })
    expect(noResurrect.needs({ ...MINIMAL, delete: false })).toBeDefined()
  })

  it('passes a record that stays deleted', () => {
    const history = deleted()
      .cursor('ana', 2, ['-m1@2'])
      .view('ana')
      .heal()
      .view('ana')
      .view('ben')
      .state()
    expect(history.check(noResurrect)).toEqual({ judged: 1, findings: [] })
  })

  it('reports an edit or an unknowing creation that brings a record back', () => {
    const edited = deleted().update('ana-2', 'm1', 'late').commit('ana-2', { base: 1 }).as('edit')
    expect(edited.findings(noResurrect)).toEqual([
      {
        message:
          "ana's edit of message m1 'late' (ana-2) brought m1 back at 1.5 s, after ben's deletion of message m1 (ben-1) took effect at 1.3 s",
        opIds: ['ben-1', 'ana-2'],
        evidence: [edited.seq('deletion'), edited.seq('edit')],
      },
    ])
    expect(deleted().commit('ana-1', { base: 0 }).findings(noResurrect)).toHaveLength(1)
    expect(deleted().commit('ana-1').findings(noResurrect)).toHaveLength(1)
  })

  describe('a creation after the deletion', () => {
    /** Ana's screen shows the message. */
    const shown = () => deleted().view('ana', ['ana-1 sent']).cursor('ana', 1, ['m1@1'])
    const again = (history: ReturnType<typeof deleted>) => history.create('ana-2', 'm1', 'again')

    it('passes if the screen did not show the record, whatever the base', () => {
      const history = again(shown().view('ana')).commit('ana-2', { base: 0 })
      const later = history.cursor('ben', 3, ['m1@3']).view('ben', ['ana-2 sent']).state()
      expect(later.check(noResurrect)).toEqual({ judged: 1, findings: [] })
    })

    it('passes if the app knew of the deletion, though no newer screen was recorded', () => {
      const page = again(shown().cursor('ana', 2, ['-m1@2'])).commit('ana-2', { base: 0 })
      expect(page.findings(noResurrect)).toEqual([])
      const base = again(shown()).localCommit('ana-2', { base: 2 }).commit('ana-2', { base: 2 })
      expect(base.findings(noResurrect)).toEqual([])
      const answer = shown()
        .update('ana-3', 'm1', 'late')
        .roundTrip('ana', 'r3', ['ana-3'], {
          atServer: (h) => h.outcome('ana-3', 'conflict', { requestId: 'r3', head: 2 }),
        })
      expect(again(answer).commit('ana-2').findings(noResurrect)).toEqual([])
    })

    it('passes if the person had deleted it themselves, though the screen is late', () => {
      const own = tinyHistory()
        .create('ana-1', 'm1', 'Hi')
        .deliver('ana-1')
        .cursor('ana', 1, ['m1@1'])
        .view('ana', ['ana-1 sent'])
        .delete('ana-3', 'm1')
        .create('ana-4', 'm1', 'again')
        .commit('ana-3')
        .commit('ana-4', { base: 1 })
      expect(own.findings(noResurrect)).toEqual([])
    })

    it('passes if the device never had the record', () => {
      const stranger = deleted().create('cleo-1', 'm1', 'mine').commit('cleo-1', { base: 0 })
      expect(stranger.check(noResurrect)).toEqual({ judged: 1, findings: [] })
    })

    it('passes if the tombstone was purged: the record begins a new life', () => {
      const purged = again(shown()).commit('ana-2', { base: 0, head: 0, version: 1 })
      expect(purged.findings(noResurrect)).toEqual([])
    })

    it('reports it if the screen showed the record and its app had not learnt', () => {
      const history = again(shown()).commit('ana-2', { base: 2 })
      expect(history.findings(noResurrect)[0]?.message).toContain("'again' (ana-2) brought m1 back")
    })

    it('reports the late retry of a creation, whatever version it names', () => {
      const retry = (fields: object) => deleted().commit('ana-1', fields).findings(noResurrect)
      expect(retry({ base: 2 })).toHaveLength(1)
      expect(retry({ base: 0, head: 0, version: 1 })).toHaveLength(1)
    })

    it('is undecided if neither the screen nor the pages show what the app knew', () => {
      const unseen = again(deleted()).commit('ana-2', { base: 2 })
      const seen = again(deleted().view('ana', ['ana-1 sent'])).commit('ana-2')
      for (const history of [unseen, seen])
        expect(history.check(noResurrect)).toMatchObject({
          findings: [],
          undecided: expect.stringContaining("'again' (ana-2)"),
        })
    })
  })

  it('passes a late view that was asked for before the device learnt of the deletion', () => {
    const late = (history: ReturnType<typeof deleted>) => {
      const view = deleted().view('ana', ['ana-1 sent']).build().of('view')[0]?.view
      return history.add('ana', { type: 'view', view: view ?? { rows: [] }, request: 1 })
    }
    const ask = { type: 'viewRequested', request: 1 } as const
    const page = (history: ReturnType<typeof deleted>) => history.cursor('ana', 2, ['-m1@2'])
    expect(late(page(deleted().add('ana', ask))).findings(noResurrect)).toEqual([])
    expect(late(page(deleted()).add('ana', ask)).findings(noResurrect)).toHaveLength(1)
  })

  it('reports a deleted record on a screen once the device learnt of it, not before', () => {
    const history = deleted()
      .view('ana', ['ana-1 sent'])
      .cursor('ana', 2, ['-m1@2'])
      .as('page')
      .view('ana', ['ana-1 sent'])
      .as('view')
    expect(history.findings(noResurrect)).toEqual([
      {
        message:
          "ana's screen at 1.6 s shows m1 again; its app had learnt at 1.5 s that it is deleted",
        opIds: ['ben-1'],
        evidence: ['deletion', 'page', 'view'].map((name) => history.seq(name)),
      },
    ])
    expect(deleted().ack('ben-1').view('ben', ['ana-1 sent']).findings(noResurrect)).toHaveLength(1)
    expect(
      deleted()
        .cursor('ana', 2, [], { full: true })
        .view('ana', ['ana-1 sent'])
        .findings(noResurrect),
    ).toHaveLength(1)
  })

  it('passes a device that shows its own pending or failed edit of a deleted record', () => {
    const editing = () =>
      deleted().update('ana-2', 'm1', 'x').accept('ana-2').cursor('ana', 2, ['-m1@2'])
    expect(editing().view('ana', ['ana-2 pending']).findings(noResurrect)).toEqual([])
    expect(
      editing().ack('ana-2', 'rejected').view('ana', ['ana-2 failed']).findings(noResurrect),
    ).toEqual([])
  })

  it('passes a device that shows its own new creation before it reports it as saved', () => {
    const learnt = deleted().cursor('ana', 2, ['-m1@2'])
    const creating = learnt.create('ana-2', 'm1', 'x').view('ana', ['ana-2']).accept('ana-2')
    expect(creating.findings(noResurrect)).toEqual([])
  })

  it('passes an own creation on the screen after a lost ack, though a page deletes it', () => {
    const lost = (responseLost: boolean) =>
      tinyHistory()
        .create('ana-1', 'm1', 'Hi')
        .accept('ana-1')
        .roundTrip('ana', 'r1', ['ana-1'], {
          responseLost,
          atServer: (h) => h.commit('ana-1').outcome('ana-1', 'applied', { requestId: 'r1' }),
        })
        .delete('ben-1', 'm1')
        .commit('ben-1')
        .cursor('ana', 2, ['-m1@2'])
        .view('ana', ['ana-1'])
    expect(lost(true).findings(noResurrect)).toEqual([])
    expect(lost(false).findings(noResurrect)).toHaveLength(1)
  })

  it('reports a server that still has a deleted record', () => {
    expect(deleted().heal().state(['ana-1']).findings(noResurrect)[0]?.message).toContain(
      'still has m1',
    )
  })
})
