import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import keyStable from './key-stable.ts'

describe('KEY-STABLE', () => {
  it('judges nothing without keys', () => {
    expect(tinyHistory().check(keyStable)).toEqual({ judged: 0, findings: [] })
    const keyless = tinyHistory()
      .create('ana-1', 'm1')
      .request('ana', 'r1', ['ana-1'], { about: undefined })
      .commit('ana-1', { key: undefined })
    expect(keyless.check(keyStable)).toEqual({ judged: 0, findings: [] })
  })

  it('passes one key over several attempts and a restart', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .request('ana', 'r1', ['ana-1'])
      .crash('ana')
      .start('ana')
      .deliver('ana-1')
    expect(history.check(keyStable)).toEqual({ judged: 1, findings: [] })
  })

  it('reports a second key, whether it reached the server or not', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1', 'Hi')
      .request('ana', 'r1', ['ana-1'])
      .as('first')
      .request('ana', 'r2', ['ana-1'], { about: [{ key: 'other', attempt: 1 }] })
      .as('second')
    expect(history.findings(keyStable)).toEqual([
      {
        message:
          "ana's message 'Hi' (ana-1) went under 2 idempotency keys (k-ana-1, other): the server cannot know that they are one",
        opIds: ['ana-1'],
        evidence: [history.seq('first'), history.seq('second')],
      },
    ])
    expect(
      tinyHistory()
        .create('ana-1', 'm1')
        .accept('ana-1')
        .outcome('ana-1', 'applied', { key: 'other' })
        .findings(keyStable),
    ).toHaveLength(1)
  })

  it('passes a batch: its keys belong to several operations', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .delete('ana-2', 'm1')
      .localCommit('ana-2')
    expect(history.request('ana', 'r1', ['ana-1', 'ana-2']).findings(keyStable)).toEqual([])
  })
})
