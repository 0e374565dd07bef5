import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
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
      accepted().outcome('ana-1', 'conflict').heal().view('ana').state().findings(liveness),
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
    expect(restarted.findings(liveness)[0]?.message).toMatch(/; a restart unsticks it$/)
    expect(restarted.findings(liveness)[0]?.evidence).toContain(restarted.seq('commit'))
    const written = stuck().phase('probe').start('ana').create('ana-9', 'p').commit('ana-1')
    expect(written.findings(liveness)[0]?.message).toMatch(/; another write unsticks it$/)
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
})
