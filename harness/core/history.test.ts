import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'

describe('a history with a probe', () => {
  const history = tinyHistory()
    .create('ana-1', 'm1')
    .accept('ana-1')
    .request('ana', 'r1', ['ana-1'])
    .phase('probe')
    .deliver('ana-1')
    .ack('ana-1')
    .build()

  it('excludes the probe from the events and joins that invariants judge', () => {
    expect(history.events.map(({ type }) => type)).not.toContain('phase')
    expect(history.of('serverCommit')).toEqual([])
    expect(history.requests).toHaveLength(1)
    expect(history.operation('ana-1')?.commits).toEqual([])
  })

  it('joins the events of the probe in `whole`, its phase included', () => {
    expect(history.whole.events).toEqual(history.all)
    expect(history.whole.phase('probe')).toBe(history.probe[0])
    expect(history.whole.requests).toHaveLength(2)
    expect(history.whole.operation('ana-1')?.commits).toHaveLength(1)
    const [ack] = history.whole.of('ackApplied')
    expect(ack && history.whole.operationOf(ack)?.opId).toBe('ana-1')
  })
})

it('history.whole is the history itself when nothing was probed', () => {
  const history = tinyHistory().create('ana-1', 'm1').build()
  expect(history.whole).toBe(history)
})
