import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import injective from './injective.ts'

const key = 'k'
const edited = () =>
  tinyHistory()
    .create('ana-1', 'm1', 'old')
    .accept('ana-1', { key })
    .update('ana-2', 'm1', 'new')
    .accept('ana-2', { key })

describe('INJECTIVE', () => {
  it('judges nothing in an empty history, nor writes whose keys are not known', () => {
    expect(tinyHistory().check(injective)).toEqual({ judged: 0, findings: [] })
    const quiet = tinyHistory().create('ana-1', 'm1').saved('ana-1').commit('ana-1')
    expect(quiet.check(injective)).toEqual({ judged: 0, findings: [] })
  })

  it('passes writes with keys of their own, on several attempts', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .request('ana', 'lost', ['ana-1'])
      .create('ana-2', 'm2')
      .accept('ana-2')
      .deliver('ana-1')
      .deliver('ana-2')
    expect(history.check(injective)).toEqual({ judged: 2, findings: [] })
  })

  it('reports two records under one key, by what the app stored or by its requests', () => {
    const stored = tinyHistory()
      .create('ana-1', 'm1', 'one')
      .localCommit('ana-1', { key })
      .as('first')
      .create('ana-2', 'm2', 'two')
      .localCommit('ana-2', { key })
      .as('second')
    expect(stored.findings(injective)).toEqual([
      {
        message:
          "ana's message 'one' (ana-1) and ana's message 'two' (ana-2) share the idempotency key k: the server cannot tell them apart",
        opIds: ['ana-1', 'ana-2'],
        evidence: [stored.seq('first'), stored.seq('second')],
      },
    ])
    const about = [{ key, attempt: 1 }]
    const sent = tinyHistory()
      .create('ana-1', 'm1', 'one')
      .create('ana-2', 'm2', 'two')
      .request('ana', 'r1', ['ana-1'], { about })
      .request('ana', 'r2', ['ana-2'], { about })
    expect(sent.findings(injective)).toHaveLength(1)
  })

  it('lets revisions of one record share a key, but not two writes of one revision', () => {
    expect(edited().check(injective)).toEqual({ judged: 1, findings: [] })
    const same = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1', { key, rev: 1 })
      .update('ana-2', 'm1')
      .accept('ana-2', { key, rev: 1 })
    expect(same.findings(injective)).toHaveLength(1)
  })

  it('lets the deletion that carries out a cancellation use the key of the creation', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1', { key })
      .cancel('ana-2', 'ana-1')
      .add('ana', {
        type: 'localCommit',
        opId: 'ana-2',
        key,
        write: 'delete',
        collection: 'messages',
        record: 'm1',
        rev: 2,
      })
    expect(history.check(injective)).toEqual({ judged: 1, findings: [] })
  })

  it('lets two devices use the same key, which a server may keep apart', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1', { key: '1' })
      .create('ben-1', 'm2')
      .accept('ben-1', { key: '1' })
    expect(history.check(injective)).toEqual({ judged: 2, findings: [] })
  })

  it('reports an edit that the server took for a repetition and the app for done', () => {
    const history = edited()
      .commit('ana-1', { key })
      .as('commit')
      .outcome('ana-2', 'duplicate', { key })
      .as('decision')
      .ack('ana-2', 'duplicate', { key, rev: 2 })
      .as('ack')
    expect(history.findings(injective)).toEqual([
      {
        message:
          "the server took ana's edit of message m1 'new' (ana-2) for a repetition of ana's message 'old' (ana-1) at 800 ms, since both came under the idempotency key k; the app counts it as done, and it never took effect",
        opIds: ['ana-1', 'ana-2'],
        evidence: [history.seq('commit'), history.seq('decision'), history.seq('ack')],
      },
    ])
  })

  it('accepts a repetition that the app sends again under another key, or has not applied', () => {
    const duplicate = () => edited().commit('ana-1', { key }).outcome('ana-2', 'duplicate', { key })
    expect(duplicate().findings(injective), 'not applied').toEqual([])
    const again = duplicate().ack('ana-2', 'duplicate', { key, rev: 2 }).commit('ana-2')
    expect(again.findings(injective), 'sent again').toEqual([])
  })
})
