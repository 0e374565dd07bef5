import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import noCrash from './no-crash.ts'

const fell = (message: string) =>
  ({ type: 'crash', incarnation: 1, by: 'itself', message }) as const

describe('NO-CRASH', () => {
  it('judges nothing if nothing started', () => {
    expect(tinyHistory().check(noCrash)).toEqual({ judged: 0, findings: [] })
  })

  it('passes a kill by the scenario', () => {
    expect(tinyHistory().start('ana').crash('ana').start('ana').check(noCrash)).toEqual({
      judged: 2,
      findings: [],
    })
  })

  it('reports the message of a crash without its stack', () => {
    const history = tinyHistory()
      .start('ana')
      .add('ana', fell('TypeError: x is undefined\n    at sync.ts'))
      .as('fall')
    expect(history.findings(noCrash)).toEqual([
      {
        message: "ana's app fell over by itself at 200 ms: TypeError: x is undefined",
        opIds: [],
        evidence: [history.seq('fall')],
      },
    ])
  })

  it('reports the place that threw', () => {
    const history = tinyHistory()
      .start('ana')
      .add('ana', { ...fell('x is undefined'), frame: 'sync.ts:12:7' })
    expect(history.findings(noCrash).map(({ message }) => message)).toEqual([
      "ana's app fell over by itself at 200 ms: x is undefined (at sync.ts:12:7)",
    ])
  })

  it('leaves an incarnation that the harness ended to NO-FREEZE', () => {
    expect(tinyHistory().start('ana').crash('ana', { by: 'harness' }).findings(noCrash)).toEqual([])
  })

  it('reports one cause once for each node', () => {
    const history = tinyHistory()
      .start('ana')
      .add('ana', fell('boom'))
      .start('ana')
      .add('ana', fell('boom'))
      .add('server', fell('boom'))
    expect(history.findings(noCrash).map(({ message }) => message)).toEqual([
      "ana's app fell over by itself at 200 ms and did so twice in all: boom",
      'the server fell over by itself at 500 ms: boom',
    ])
  })
})
