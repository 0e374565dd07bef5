import { describe, expect, it } from 'vitest'
import type { EventBody } from '../core/event.ts'
import { MINIMAL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import principal from './principal.ts'

const typed = () => tinyHistory().create('ana-1', 'm1', 'Hi').as('typed').accept('ana-1')
const row = { collection: 'messages', record: 'm1', version: 1, deleted: false, opId: 'ana-1' }
const state = (author: string): EventBody => ({
  type: 'serverState',
  epoch: 'e1',
  position: 1,
  rows: [{ ...row, author }],
})

describe('PRINCIPAL', () => {
  it('judges nothing in an empty history', () => {
    expect(tinyHistory().check(principal)).toEqual({ judged: 0, findings: [] })
  })

  it('passes what stands under the name of its writer', () => {
    const history = typed().deliver('ana-1').add('server', state('ana'))
    expect(history.check(principal)).toEqual({ judged: 2, findings: [] })
  })

  it('reports a commit under the name of another user, deletions included', () => {
    const history = typed().commit('ana-1', { author: 'ben' }).as('commit')
    expect(history.findings(principal)).toEqual([
      {
        message: "ana's message 'Hi' (ana-1) was stored under the name of ben at 400 ms",
        opIds: ['ana-1'],
        evidence: [history.seq('typed'), history.seq('commit')],
      },
    ])
    const deleted = tinyHistory().delete('ana-1', 'm1').accept('ana-1')
    expect(deleted.commit('ana-1', { author: 'ben' }).findings(principal)).toHaveLength(1)
  })

  it('reports a final row under the name of a user who never wrote to the record', () => {
    const history = typed().deliver('ana-1').add('server', state('ben')).as('state')
    expect(history.findings(principal)).toEqual([
      {
        message:
          "ana's message 'Hi' (ana-1) stands on the server under the name of ben, who never touched it",
        opIds: ['ana-1'],
        evidence: [history.seq('typed'), history.seq('state')],
      },
    ])
  })

  it('accepts the creator and the last writer as a row’s author, and a name of the server', () => {
    const edited = typed().deliver('ana-1').update('ben-1', 'm1').accept('ben-1').deliver('ben-1')
    expect(edited.add('server', state('ben')).findings(principal)).toEqual([])
    const system = typed().commit('ana-1', { author: 'system' }).add('server', state('system'))
    expect(system.check(principal)).toEqual({ judged: 0, findings: [] })
  })

  it('does not judge what another device may have sent, nor a request that it cannot see', () => {
    const replicated = typed()
      .request('ana', 'r1', ['ana-1'])
      .request('ben', 'r2', ['ana-1'])
      .commit('ana-1', { author: 'ben' })
    expect(replicated.check(principal)).toEqual({ judged: 0, findings: [] })
    const opaque = tinyHistory({ capabilities: MINIMAL })
      .create('ana-1', 'm1')
      .saved('ana-1')
      .commit('ana-1', { author: 'ben' })
    expect(opaque.check(principal)).toEqual({ judged: 0, findings: [] })
  })
})
