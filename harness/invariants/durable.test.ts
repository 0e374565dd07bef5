import { describe, expect, it } from 'vitest'
import { BARE } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import durable from './durable.ts'

const killed = () =>
  tinyHistory()
    .create('ana-1', 'm1', 'Hi')
    .localCommit('ana-1')
    .as('commit')
    .saved('ana-1')
    .crash('ana')
    .as('crash')
    .start('ana')
    .as('start')

describe('DURABLE', () => {
  it('has nothing to judge without a death, or without a screen after it', () => {
    expect(tinyHistory().create('ana-1', 'm1').accept('ana-1').view('ana').check(durable)).toEqual({
      judged: 0,
      findings: [],
    })
    expect(killed().check(durable)).toEqual({ judged: 0, findings: [] })
    expect(killed().crash('ana').start('ana').check(durable)).toEqual({ judged: 0, findings: [] })
    expect(durable.needs(BARE)).toBeDefined()
  })

  it('is content with what is in the outbox or on the screen after the start', () => {
    expect(killed().view('ana', ['ana-1 pending']).check(durable)).toEqual({
      judged: 1,
      findings: [],
    })
    expect(
      killed()
        .view('ana', [], { outbox: ['ana-1'] })
        .findings(durable),
    ).toEqual([])
    expect(killed().view('ana', ['ana-1'], { outbox: [] }).findings(durable)).toEqual([])
  })

  it('finds what did not survive', () => {
    const history = killed().view('ana').as('view')
    expect(history.findings(durable)).toEqual([
      {
        message:
          "ana's message 'Hi' (ana-1) was saved at 200 ms; after ana's app was killed at 400 ms and started again, it is gone from the device",
        ops: ['ana-1'],
        evidence: ['commit', 'crash', 'start', 'view'].map((name) => history.seq(name)),
      },
    ])
  })

  it('demands a deletion too: its entry, or its record staying hidden', () => {
    const deletion = () =>
      tinyHistory().delete('ana-1', 'm1').accept('ana-1').crash('ana').start('ana')
    expect(
      deletion()
        .view('ana', [], { outbox: ['ana-1'] })
        .findings(durable),
    ).toEqual([])
    expect(deletion().view('ana').findings(durable)).toHaveLength(1)
  })

  it('lets a later write to the record stand for an earlier one', () => {
    const both = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .update('ana-2', 'm1', 'x')
      .accept('ana-2')
      .crash('ana')
      .start('ana')
    expect(both.view('ana', ['ana-2 pending']).check(durable)).toEqual({ judged: 2, findings: [] })
  })

  it('does not demand what had ended, may have ended unsaid, or was never promised to be on disk', () => {
    const sent = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .deliver('ana-1')
      .crash('ana')
      .start('ana')
      .view('ana')
    expect(sent.check(durable)).toEqual({ judged: 0, findings: [] })
    const unsaid = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .request('ana', 'r1', ['ana-1'])
      .outcome('ana-1', 'conflict', { req: 'r1' })
    expect(unsaid.crash('ana').start('ana').view('ana').check(durable)).toEqual({
      judged: 0,
      findings: [],
    })
    const pulled = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .request('ana', 'r1', ['ana-1'])
      .commit('ana-1')
      .response('ana', 'r1', 'reset')
    expect(
      pulled.request('ana', 'r2').crash('ana').start('ana').view('ana').check(durable),
    ).toEqual({ judged: 0, findings: [] })
    const memory = tinyHistory()
      .create('ana-1', 'm1')
      .saved('ana-1', false)
      .crash('ana')
      .start('ana')
      .view('ana')
    expect(memory.check(durable)).toEqual({ judged: 0, findings: [] })
  })

  it('finds a write that was in flight when the app died and never reached the server', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .request('ana', 'r1', ['ana-1'])
      .crash('ana')
      .start('ana')
      .view('ana')
    expect(history.findings(durable)).toHaveLength(1)
  })
})
