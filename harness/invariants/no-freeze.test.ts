import { describe, expect, it } from 'vitest'
import type { EventOf } from '../core/event.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import noFreeze from './no-freeze.ts'

const spin = (more: Partial<EventOf<'freeze'>> = {}) =>
  ({
    type: 'freeze',
    incarnation: 1,
    doing: 'a timer',
    sign: 'more than 10000 timers at one instant',
    since: 40_000,
    ...more,
  }) as const

describe('NO-FREEZE', () => {
  it('judges nothing if nothing started', () => {
    expect(tinyHistory().check(noFreeze)).toEqual({ judged: 0, findings: [] })
  })

  it('passes apps that come back, also those that are killed', () => {
    const history = tinyHistory().start('ana').crash('ana').start('ana')
    expect(history.check(noFreeze)).toEqual({ judged: 2, findings: [] })
  })

  it('reports who, in which code, since when, and after which action', () => {
    const history = tinyHistory()
      .start('ana')
      .create('ana-1', 'm1', 'Hi')
      .add('ana', spin({ opId: 'ana-1' }))
      .as('spin')
      .crash('ana', { by: 'harness' })
    expect(history.findings(noFreeze)).toEqual([
      {
        message:
          "ana's app hung in a timer from 40 s on: " +
          "more than 10000 timers at one instant; the last action before was ana's message 'Hi' (ana-1)",
        opIds: ['ana-1'],
        evidence: [history.seq('spin')],
      },
    ])
  })

  it('reports an incarnation once, and one that freezes at each start in one finding', () => {
    const history = tinyHistory()
      .start('ana')
      .add('ana', spin())
      .as('first')
      .add('ana', spin({ doing: 'view()', sign: 'no answer for 1 m' }))
      .start('ana', 2)
      .add('ana', spin({ incarnation: 2 }))
      .as('second')
    expect(history.findings(noFreeze)).toEqual([
      {
        message:
          "ana's app hung in a timer from 40 s on: " +
          'more than 10000 timers at one instant (twice in all)',
        opIds: [],
        evidence: [history.seq('first'), history.seq('second')],
      },
    ])
  })

  it('reports the server', () => {
    const history = tinyHistory().start('server').add('server', spin())
    expect(history.findings(noFreeze)[0]?.message).toMatch(/^the server hung in/)
  })
})
