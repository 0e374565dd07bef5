import { describe, expect, it } from 'vitest'
import { MINIMAL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import converge from './converge.ts'

const sent = () => tinyHistory().create('ana-1', 'm1', 'Hi').accept('ana-1').deliver('ana-1')
const note = () =>
  tinyHistory()
    .create('ana-1', 'n1', 'old')
    .deliver('ana-1')
    .update('ben-1', 'n1', 'new')
    .deliver('ben-1')

describe('CONVERGE', () => {
  it('judges nothing in an empty history', () => {
    expect(tinyHistory().heal().view('ana').view('ben').state().check(converge)).toEqual({
      judged: 0,
      findings: [],
    })
    expect(tinyHistory().check(converge)).toEqual({ judged: 0, findings: [] })
  })

  it('passes if all replicas agree', () => {
    expect(
      sent().heal().view('ana', ['ana-1 sent']).view('ben', ['ana-1 sent']).state().check(converge),
    ).toEqual({
      judged: 2,
      findings: [],
    })
  })

  it('reports a row that a device lacks, has in excess, or has in an old version', () => {
    const lacks = sent()
      .heal()
      .view('ana', ['ana-1 sent'])
      .view('ben')
      .as('view')
      .state()
      .as('state')
    expect(lacks.findings(converge)).toEqual([
      {
        message:
          "ben's screen lacks ana's message 'Hi' (ana-1), which the server has (messages m1)",
        opIds: ['ana-1'],
        evidence: [lacks.seq('view'), lacks.seq('state')],
      },
    ])
    const stale = note().heal().view('ana', ['ana-1 sent']).view('ben', ['ben-1 sent']).state()
    expect(stale.findings(converge).map(({ message }) => message)).toEqual([
      "ana's screen shows notes n1 as ana's note 'old' (ana-1); the server has ben's edit of note n1 'new' (ben-1)",
    ])
    const row = { collection: 'messages', record: 'm1', id: 'm1', opId: 'ana-1', text: 'Hi' }
    const richer = sent().heal().view('ana', ['ana-1 sent'])
    richer.add('ben', { type: 'view', view: { rows: [{ ...row, hash: 'more fields' }] } }).state()
    expect(richer.findings(converge)[0]?.message).toBe(
      "ben's screen shows messages m1 (ana's message 'Hi' (ana-1)) with other fields than the server has",
    )
    const extra = sent()
      .heal()
      .view('ana', ['ana-1 sent'])
      .view('ben', ['ana-1 sent', 'ana-1 sent'])
      .state()
    expect(extra.findings(converge)[0]?.message).toBe(
      "ben's screen shows messages m1 twice; the server has it once",
    )
    const ghost = sent()
      .create('ben-9', 'm9')
      .heal()
      .view('ana', ['ana-1 sent'])
      .view('ben', ['ana-1', 'ben-9 sent'])
      .state()
    expect(ghost.findings(converge)[0]?.message).toContain('the server does not have messages m9')
  })

  it('passes duplicates that are on the server and on all screens', () => {
    const twice = sent()
      .heal()
      .view('ana', ['ana-1', 'ana-1'])
      .view('ben', ['ana-1', 'ana-1'])
      .state(['ana-1', 'ana-1'])
    expect(twice.findings(converge)).toEqual([])
  })

  it('skips records with unconfirmed changes on a device', () => {
    const pending = note()
      .update('ana-2', 'n1', 'mine')
      .accept('ana-2')
      .heal()
      .view('ana', ['ana-2 pending'])
      .view('ben', ['ben-1'])
      .state()
    expect(pending.findings(converge)).toEqual([])
    const bare = tinyHistory({ capabilities: MINIMAL })
      .create('ana-1', 'm1')
      .saved('ana-1')
      .heal()
      .view('ana', ['ana-1'])
      .view('ben')
      .state()
    expect(bare.findings(converge)).toEqual([])
    const deletion = sent().delete('ana-2', 'm1').accept('ana-2').heal()
    expect(
      deletion
        .view('ana', [], { outbox: ['ana-2'] })
        .view('ben', ['ana-1'])
        .state()
        .findings(converge),
    ).toEqual([])
  })

  describe('an own write as an excuse', () => {
    const end = (history: ReturnType<typeof sent>, ana: readonly string[], outbox?: string[]) =>
      history
        .heal()
        .view('ana', ana, outbox && { outbox })
        .view('ben', ['ana-1 sent'])
        .state()
        .findings(converge)

    it("does not accept a clock icon on another's message, or on one that nobody wrote", () => {
      const theirs = tinyHistory().create('ben-1', 'm1', 'Hi').accept('ben-1').heal()
      const shown = ['ben-1 pending']
      const icon = theirs.view('ana', shown).view('ben', shown).state()
      const [found, ...more] = icon.findings(converge)
      expect(found?.message).toContain("ana's screen still shows ben's message 'Hi' (ben-1)")
      expect(more).toEqual([])
      const ghost = { collection: 'messages', record: 'm9', id: 'm9', status: 'pending' as const }
      const nobody = sent().heal().view('ana', ['ana-1 sent', ghost]).view('ben', ['ana-1 sent'])
      expect(nobody.state().findings(converge)).toHaveLength(1)
    })

    it('does not accept a check icon, nor an outbox entry for another record', () => {
      const refused = () => sent().update('ana-2', 'm1', 'x').accept('ana-2')
      expect(end(refused().ack('ana-2', 'conflict'), ['ana-2 sent'])).toHaveLength(1)
      expect(end(refused().ack('ana-2', 'rejected'), ['ana-2 failed'])).toEqual([])
      expect(end(refused(), [], ['ana-2'])).toHaveLength(1)
    })

    it('does not accept a deletion that was refused: the row must be back', () => {
      const deletion = () => sent().delete('ana-2', 'm1').accept('ana-2')
      expect(end(deletion().ack('ana-2', 'conflict'), [])).toHaveLength(1)
      expect(end(deletion(), [], ['ana-2'])).toEqual([])
    })

    it('accepts a failed text beside the confirmed one, and the absence of a cancelled one', () => {
      const beside = sent().update('ana-2', 'm1', 'x').accept('ana-2').ack('ana-2', 'rejected')
      expect(end(beside, ['ana-1 sent', 'ana-2 failed'])).toEqual([])
      expect(end(sent().cancel('ana-2', 'ana-1'), [])).toEqual([])
    })
  })

  it('skips dead devices, and is undecided if a running device or the server was not read', () => {
    expect(sent().crash('ben').heal().view('ana', ['ana-1']).state().check(converge)).toEqual({
      judged: 1,
      findings: [],
    })
    expect(sent().heal().view('ana', ['ana-1']).state().check(converge).undecided).toContain(
      "ben's screen",
    )
    expect(sent().heal().view('ana', ['ana-1']).check(converge).undecided).toContain('server')
  })

  it('is undecided without time to catch up, or if a record changed while it was read', () => {
    const hasty = sent().heal(1000).view('ana', ['ana-1']).view('ben').state().check(converge)
    expect(hasty).toMatchObject({
      findings: [],
      undecided: expect.stringContaining('no time to catch up'),
    })
    const moving = tinyHistory()
      .create('ana-1', 'm1')
      .heal()
      .view('ana')
      .view('ben')
      .commit('ana-1')
      .state()
      .check(converge)
    expect(moving).toMatchObject({
      findings: [],
      undecided: expect.stringContaining('while the replicas were read'),
    })
  })
})
