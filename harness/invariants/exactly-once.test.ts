import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import exactlyOnce from './exactly-once.ts'

describe('EXACTLY-ONCE', () => {
  it('judges nothing if nothing took effect', () => {
    expect(tinyHistory().heal().state().check(exactlyOnce)).toEqual({ judged: 0, findings: [] })
    expect(
      tinyHistory().create('ana-1', 'm1').accept('ana-1').heal().state().check(exactlyOnce).judged,
    ).toBe(0)
  })

  it('passes duplicate attempts with one effect', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .commit('ana-1')
      .outcome('ana-1', 'applied')
      .outcome('ana-1', 'duplicate')
    expect(history.check(exactlyOnce)).toEqual({ judged: 1, findings: [] })
  })

  it('reports a second effect, found in the log after a crash', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1', 'Hi')
      .commit('ana-1', { key: undefined })
      .as('first')
      .commit('ana-1', { key: undefined, head: 0, version: 1, recovered: true })
      .as('second')
    expect(history.findings(exactlyOnce)).toEqual([
      {
        message:
          "ana's message 'Hi' (ana-1) took effect twice on the server: at 200 ms and at 300 ms (found after a crash)",
        opIds: ['ana-1'],
        evidence: [history.seq('first'), history.seq('second')],
      },
    ])
  })

  it('counts a log entry that is reported twice as one effect', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1')
      .commit('ana-1')
      .commit('ana-1', { position: 1, recovered: true })
    expect(history.findings(exactlyOnce)).toEqual([])
  })

  it('counts the markers in the rows of a server that reports no commits', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1', 'Hi')
      .heal()
      .state(['ana-1', 'ana-1'])
      .as('state')
    expect(history.check(exactlyOnce)).toEqual({
      judged: 1,
      findings: [
        {
          message: "ana's message 'Hi' (ana-1) is on the server twice",
          opIds: ['ana-1'],
          evidence: [history.seq('state')],
        },
      ],
    })
  })

  it('recognizes a deletion by its key', () => {
    const history = tinyHistory()
      .delete('ana-1', 'm1')
      .accept('ana-1')
      .commit('ana-1')
      .commit('ana-1')
    expect(history.findings(exactlyOnce)).toHaveLength(1)
  })

  it('passes a write that was sent again after the server lost it', () => {
    const sent = () => tinyHistory().create('ana-1', 'm1').accept('ana-1').commit('ana-1')
    const restored = sent().commit('ana-1', { epoch: 'e2', version: 1, head: 0 })
    expect(restored.check(exactlyOnce)).toEqual({ judged: 1, findings: [] })
    const wentBack = sent()
      .create('ana-2', 'm2')
      .commit('ana-2')
      .commit('ana-2', { position: 1, version: 1, head: 0 })
    expect(wentBack.findings(exactlyOnce)).toEqual([])
    expect(restored.commit('ana-1', { epoch: 'e2' }).findings(exactlyOnce)).toHaveLength(1)
  })
})
