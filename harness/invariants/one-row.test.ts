import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import oneRow from './one-row.ts'

const hi = () => tinyHistory().create('ana-1', 'm1', 'Hi').create('ana-2', 'm2', 'Ho')

describe('ONE-ROW', () => {
  it('judges nothing without a screen', () => {
    expect(hi().check(oneRow)).toEqual({ judged: 0, findings: [] })
  })

  it('passes one row per operation on every device', () => {
    expect(
      hi().view('ana', ['ana-1 sent', 'ana-2 pending']).view('ben', ['ana-1 sent']).check(oneRow),
    ).toEqual({ judged: 3, findings: [] })
  })

  it('reports a duplicate row once, with the time span in which it was shown', () => {
    const history = hi()
      .view('ben', ['ana-1 sent'])
      .view('ben', ['ana-1 sent', 'ana-1 sent'])
      .as('doubled')
      .view('ben', ['ana-1', 'ana-1', 'ana-2'])
      .view('ben', ['ana-1'])
    expect(history.findings(oneRow)).toEqual([
      {
        message: "ben's screen shows ana's message 'Hi' (ana-1) twice, from 400 ms until 600 ms",
        opIds: ['ana-1'],
        evidence: [history.seq('doubled')],
      },
    ])
    expect(hi().view('ana', ['ana-1', 'ana-1']).findings(oneRow)[0]?.message).toMatch(/to the end$/)
  })

  it('skips rows without a marker: they belong to no known operation', () => {
    const row = { collection: 'messages', record: 'x', id: 'x', text: 'same' }
    expect(
      tinyHistory()
        .add('ana', { type: 'view', view: { rows: [row, row] } })
        .check(oneRow),
    ).toEqual({ judged: 0, findings: [] })
  })
})
