import { describe, expect, it } from 'vitest'
import { payloadHash } from '../core/hash.ts'
import { MINIMAL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import fidelity from './fidelity.ts'

const cut = { hash: payloadHash({ text: 'cut' }), text: 'Se' }
const sent = () => tinyHistory().create('ana-1', 'm1', 'See you').as('typed').accept('ana-1')

describe('FIDELITY', () => {
  it('judges nothing in an empty history, nor a deletion', () => {
    expect(tinyHistory().check(fidelity)).toEqual({ judged: 0, findings: [] })
    const deleted = tinyHistory().delete('ana-1', 'm1').accept('ana-1').commit('ana-1').state()
    expect(deleted.check(fidelity)).toEqual({ judged: 0, findings: [] })
  })

  it('passes a text that is the same everywhere', () => {
    const history = sent()
      .view('ana', ['ana-1 pending'])
      .deliver('ana-1')
      .heal()
      .view('ben', ['ana-1 sent'])
      .state()
    expect(history.check(fidelity)).toEqual({ judged: 1, findings: [] })
  })

  it('names the first place where the text differs, and what it reads there', () => {
    const history = sent()
      .commit('ana-1', cut)
      .as('cut')
      .view('ben', [{ collection: 'messages', record: 'm1', id: 'm1', opId: 'ana-1', ...cut }])
    expect(history.findings(fidelity)).toEqual([
      {
        message:
          "on the server at 400 ms, ana's message 'See you' (ana-1) differs from what was typed: it reads 'Se'",
        opIds: ['ana-1'],
        evidence: [history.seq('typed'), history.seq('cut')],
      },
    ])
  })

  it('reports a field that was lost although the text reads the same', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1', 'Hi')
      .localCommit('ana-1', { hash: payloadHash({ text: 'Hi' }) })
    expect(history.findings(fidelity).map(({ message }) => message)).toEqual([
      "in ana's app at 200 ms, ana's message 'Hi' (ana-1) differs from what was typed",
    ])
  })

  it('recognises a cut text, whose marker is lost, by its key, and by record and version', () => {
    const row = { collection: 'messages', record: 'm1', id: 'm1', version: 1, ...cut }
    const byKey = sent().commit('ana-1', { ...cut, opId: undefined })
    const byVersion = sent()
      .commit('ana-1')
      .view('ben', [{ ...row, status: 'sent' }])
    expect(byKey.findings(fidelity)).toHaveLength(1)
    expect(byVersion.findings(fidelity)[0]?.message).toContain("on ben's screen at 500 ms")
    const below = sent()
      .commit('ana-1')
      .view('ben', [{ ...row, status: 'pending' }])
    expect(below.findings(fidelity), 'an unsent write on top').toEqual([])
  })

  it('does not guess whose text it is if a key or a version is ambiguous', () => {
    const shared = tinyHistory()
      .create('ana-1', 'm1', 'old')
      .accept('ana-1', { key: 'row' })
      .update('ana-2', 'm1', 'new')
      .accept('ana-2', { key: 'row' })
      .commit('ana-1', { key: 'row', opId: undefined, ...cut })
    expect(shared.findings(fidelity)).toEqual([])
    const again = sent()
      .commit('ana-1')
      .commit('ana-1', { version: 1 })
      .view('ben', [{ collection: 'messages', record: 'm1', id: 'm1', version: 1, ...cut }])
    expect(again.findings(fidelity)).toEqual([])
  })

  it('judges only what the app stored if the policy may merge writes', () => {
    const merged = tinyHistory({ policy: 'merge' })
      .create('ana-1', 'm1', 'See you')
      .accept('ana-1')
      .commit('ana-1', cut)
    expect(merged.check(fidelity)).toEqual({ judged: 1, findings: [] })
  })

  it('judges a client that shows rows and nothing else', () => {
    const history = tinyHistory({ capabilities: MINIMAL })
      .create('ana-1', 'm1', 'Hi')
      .view('ana', ['ana-1'])
    expect(history.check(fidelity)).toEqual({ judged: 1, findings: [] })
  })
})
