import { describe, expect, it } from 'vitest'
import { MINIMAL } from '../testing/capabilities.ts'
import { type HistoryBuilder, tinyHistory } from '../testing/history-builder.ts'
import liveness from './liveness.ts'

const accepted = () => tinyHistory().create('ana-1', 'm1', 'See you').accept('ana-1').as('accepted')
const stuck = () =>
  accepted()
    .phase('heal')
    .phase('settle')
    .as('settle')
    .at(30_000)
    .phase('read')
    .view('ana', ['ana-1 pending'])
    .as('end')
    .state()

describe('LIVENESS', () => {
  it('judges nothing without a write', () => {
    expect(tinyHistory().heal().state().check(liveness)).toEqual({ judged: 0, findings: [] })
  })

  it('passes writes that were sent, visibly failed, lost a conflict or were cancelled', () => {
    expect(
      accepted().deliver('ana-1').heal().view('ana', ['ana-1 sent']).state().check(liveness),
    ).toEqual({ judged: 1, findings: [] })
    expect(
      accepted()
        .outcome('ana-1', 'rejected')
        .heal()
        .view('ana', ['ana-1 failed'])
        .state()
        .findings(liveness),
    ).toEqual([])
    expect(
      accepted()
        .outcome('ana-1', 'conflict')
        .heal()
        .view('ana')
        .state(undefined, ['ana-1'])
        .findings(liveness),
    ).toEqual([])
    expect(
      accepted().cancel('ana-2', 'ana-1').heal().view('ana').state().check(liveness).judged,
    ).toBe(0)
  })

  it('reports a write that waits for ever', () => {
    const history = stuck()
    expect(history.findings(liveness)).toEqual([
      {
        message:
          "ana's message 'See you' (ana-1) never reached the server after 29.5 s of a healthy network; the app never tried to send it",
        opIds: ['ana-1'],
        evidence: [history.seq('accepted') - 1, history.seq('settle'), history.seq('end')],
      },
    ])
  })

  it('names the probe that completes the stuck write: a restart, another write, or none', () => {
    const restarted = stuck()
      .phase('probe')
      .crash('ana')
      .start('ana')
      .commit('ana-1')
      .as('commit')
      .phase('end')
    expect(restarted.findings(liveness)[0]?.message).toMatch(
      /; a restart unsticks it \(at 30\.6 s, in the probe\)$/,
    )
    expect(restarted.findings(liveness)[0]?.evidence).toContain(restarted.seq('commit'))
    const written = stuck().phase('probe').start('ana').create('ana-9', 'p').commit('ana-1')
    expect(written.findings(liveness)[0]?.message).toMatch(
      /; another write unsticks it \(at 30\.6 s, in the probe\)$/,
    )
    expect(
      stuck().phase('probe').start('ana').create('ana-9', 'p').findings(liveness)[0]?.message,
    ).toMatch(/; nothing we tried unsticks it$/)
    expect(stuck().phase('probe').start('ben').findings(liveness)[0]?.message).toMatch(
      /never tried to send it$/,
    )
  })

  it('reports a clock icon that stays on a committed or on a rejected write', () => {
    const arrived = accepted().commit('ana-1').heal().view('ana', ['ana-1 pending']).state()
    expect(arrived.findings(liveness)[0]?.message).toContain(
      "has been on the server since 400 ms, and ana's screen still shows it waiting",
    )
    const refused = accepted()
      .outcome('ana-1', 'rejected', { rule: 'too long' })
      .heal()
      .view('ana', ['ana-1 pending'])
      .state()
    expect(refused.findings(liveness)[0]?.message).toContain(
      'will never be taken by the server (too long)',
    )
  })

  it('leaves lost writes to NO-LOSS', () => {
    expect(accepted().heal().view('ana').state().findings(liveness)).toEqual([])
  })

  it('is undecided if the healthy time was too short, or if the device was not read', () => {
    const hasty = accepted().heal(19_000).view('ana', ['ana-1 pending']).state().check(liveness)
    expect(hasty).toMatchObject({
      findings: [],
      undecided: expect.stringContaining('less than twice the 10 s'),
    })
    const dead = accepted().crash('ana').heal().state().check(liveness)
    expect(dead).toMatchObject({
      findings: [],
      undecided: expect.stringContaining('cannot be told'),
    })
  })

  it('counts any end in the probe: a conflict, a rejection, or a report to the person', () => {
    const probed = (end: (history: HistoryBuilder) => HistoryBuilder) =>
      end(stuck().phase('probe').start('ana')).findings(liveness)[0]?.message
    expect(probed((history) => history.outcome('ana-1', 'conflict'))).toMatch(
      /; a restart ends it: it lost to another write \(at/,
    )
    expect(probed((history) => history.outcome('ana-1', 'rejected'))).toMatch(
      /; a restart ends it: it is rejected \(at/,
    )
    expect(probed((history) => history.settled('ana-1', 'acked'))).toMatch(/a restart unsticks it/)
    expect(probed((history) => history.ack('ana-1', 'duplicate'))).toMatch(/a restart unsticks it/)
  })

  it('names the probe that ends a clock icon on a committed write', () => {
    const arrived = () => accepted().commit('ana-1').heal().view('ana', ['ana-1 pending']).state()
    const shown = arrived().phase('probe').start('ana').view('ana', ['ana-1 sent'])
    expect(shown.findings(liveness)[0]?.message).toMatch(/; a restart unsticks it \(at/)
    const still = arrived().phase('probe').start('ana').view('ana', ['ana-1 pending'])
    expect(still.findings(liveness)[0]?.message).toMatch(/; nothing we tried unsticks it$/)
  })

  it('reports a write that the app gave up although nothing refused it', () => {
    const asked = () => accepted().request('ana', 'r1', ['ana-1'])
    const end = (history: HistoryBuilder) => history.heal().view('ana', ['ana-1 failed']).state()
    const history = end(asked().response('ana', 'r1', 'timeout'))
    expect(history.findings(liveness)[0]?.message).toBe(
      "ana's message 'See you' (ana-1) was given up: ana's screen shows it as failed, though nothing refused it, after 20 s of a healthy network; the app tried once (it timed out, at 500 ms)",
    )
    const refused = end(asked().response('ana', 'r1', 422))
    expect(refused.check(liveness)).toEqual({ judged: 1, findings: [] })
    const gateway = end(
      asked().response('ana', 'r1', 403).request('ana', 'r2').received('r2').response('ana', 'r2'),
    )
    expect(gateway.findings(liveness)).toHaveLength(1)
  })

  it('passes a failure by a declared rule of the app, or of what a refused write carried', () => {
    const capabilities = { localRules: ['too long'] }
    const failed = tinyHistory({ capabilities })
      .create('ana-1', 'm1')
      .accept('ana-1')
      .request('ana', 'r1')
      .add('ana', { type: 'settled', opId: 'ana-1', outcome: 'rejected', reason: 'too long' })
    expect(failed.heal().view('ana', ['ana-1 failed']).state().findings(liveness)).toEqual([])
    const dependent = accepted()
      .request('ana', 'r1', ['ana-1'])
      .outcome('ana-1', 'rejected')
      .update('ana-2', 'm1', 'x')
      .accept('ana-2')
      .heal()
      .view('ana', ['ana-2 failed'], { outbox: ['ana-1 failed', 'ana-2 failed'] })
    expect(dependent.state().findings(liveness)).toEqual([])
  })

  it('is undecided about a failure if the history cannot show a refusal', () => {
    const unobserved = accepted().heal().view('ana', ['ana-1 failed']).state()
    expect(unobserved.check(liveness)).toMatchObject({
      findings: [],
      undecided: expect.stringContaining('cannot be told'),
    })
  })

  it('reports a delivered write shown as failed for ever, not one whose deletion failed', () => {
    const delivered = () => accepted().request('ana', 'r1', ['ana-1']).commit('ana-1')
    const failed = delivered()
      .heal()
      .view('ana', ['ana-1 failed'], { outbox: ['ana-1 failed'] })
    expect(failed.state().findings(liveness)[0]?.message).toContain(
      "has been on the server since 500 ms, and ana's screen still shows it as failed",
    )
    const deletion = delivered()
      .delete('ana-2', 'm1')
      .accept('ana-2')
      .outcome('ana-2', 'rejected')
      .heal()
      .view('ana', ['ana-1 failed'], { outbox: ['ana-2 failed'] })
    expect(deletion.state().findings(liveness)).toEqual([])
  })

  it('reports a write that the app neither saved nor refused, if it was alive all the time', () => {
    const asked = () => tinyHistory().create('ana-1', 'm1', 'Hi').as('asked')
    // The input field still waits, whatever the app has stored, sent and reported.
    const stored = asked().localCommit('ana-1').deliver('ana-1').settled('ana-1', 'acked').heal()
    expect(stored.view('ana', ['ana-1 sent']).state().findings(liveness)).toHaveLength(1)
    const mute = asked().commit('ana-1').heal().view('ana', ['ana-1 sent']).state()
    expect(mute.findings(liveness)).toMatchObject([
      {
        message:
          "ana's app never said whether it took ana's message 'Hi' (ana-1), asked for at 100 ms: neither saved nor refused after 20 s of a healthy network",
        evidence: [mute.seq('asked'), 3, 4],
      },
    ])
    const killed = asked().crash('ana').start('ana').heal().view('ana').state()
    expect(killed.findings(liveness)).toEqual([])
  })

  it("cites the app's own note on the write, or around its last attempt", () => {
    const noted = (fields: { readonly opId?: string }) =>
      accepted()
        .add('ana', { type: 'note', text: 'KEEP: request dropped', ...fields })
        .as('note')
        .heal()
        .view('ana', ['ana-1 pending'])
        .state()
    for (const history of [noted({ opId: 'ana-1' }), noted({})]) {
      const [finding] = history.findings(liveness)
      expect(finding?.message).toContain('; its app noted: "KEEP: request dropped"')
      expect(finding?.evidence).toContain(history.seq('note'))
    }
    expect(noted({ opId: 'ana-7' }).findings(liveness)[0]?.message).not.toContain('noted')
  })
})

describe('LIVENESS of a client without icons and outbox', () => {
  const refused = () =>
    tinyHistory({ capabilities: MINIMAL })
      .create('ana-1', 'm1', 'Hi')
      .saved('ana-1')
      .request('ana', 'r1', ['ana-1'])
      .outcome('ana-1', 'rejected', { requestId: 'r1', rule: 'too late' })
      .response('ana', 'r1')
  const read = (history: HistoryBuilder) => history.heal().view('ana', ['ana-1']).state()

  it('cannot tell what it made of a refusal while it still shows the text', () => {
    const { findings, undecided } = read(refused()).check(liveness)
    expect(findings).toEqual([])
    expect(undecided).toContain('neither the screen nor the server tells')
  })

  it('passes if it told the person that the write was rejected', () => {
    const told = read(refused().settled('ana-1', 'rejected')).check(liveness)
    expect(told).toEqual({ judged: 1, findings: [] })
  })
})
