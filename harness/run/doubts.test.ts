import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import { doubtsOf } from './doubts.ts'

const wrongStatus = {
  type: 'invalid',
  what: 'a view',
  received: 'rows.0.status: "delivered"',
  expected: 'one of pending, sent, failed',
} as const

it('has no doubt about a run in which a person acted and no report was invalid', () => {
  expect(doubtsOf(tinyHistory().create('ana-1', 'm1').accept('ana-1').build())).toEqual([])
})

it('names who reported what, what was received and what was expected', () => {
  const history = tinyHistory().create('ana-1', 'm1').accept('ana-1').add('ana', wrongStatus)
  expect(doubtsOf(history.build())).toEqual([
    "ana's app reported a view that is invalid: " +
      'expected one of pending, sent, failed; got rows.0.status: "delivered"',
  ])
})

it('names each kind of invalid report once, and counts those after the third', () => {
  const history = tinyHistory().create('ana-1', 'm1').accept('ana-1')
  for (const device of ['ana', 'ben'])
    for (const opId of ['ana-1', 'ana-2', 'ana-3'])
      history.add(device, {
        type: 'invalid',
        what: `saved of ${opId}`,
        received: 'undefined',
        expected: 'an object',
      })
  for (const expected of ['a', 'b', 'c', 'd', 'e'])
    history.add('server', { type: 'invalid', what: 'its dump', received: '1', expected })
  const doubts = doubtsOf(history.build())
  expect(doubts).toHaveLength(4)
  expect(doubts[0]).toContain("ana's app reported saved of ana-1 that is invalid")
  expect(doubts[1]).toBe('the server reported its dump that is invalid: expected a; got 1')
  expect(doubts[3]).toBe('3 more kinds of invalid reports')
})

it('counts an invalid report of the probe, too', () => {
  const history = tinyHistory().create('ana-1', 'm1').accept('ana-1').heal().phase('probe')
  expect(doubtsOf(history.add('ana', wrongStatus).build())).toHaveLength(1)
})

it('doubts a run in which nobody did anything', () => {
  expect(doubtsOf(tinyHistory().heal().build())).toEqual(['nobody did anything'])
})

it('doubts a run in which every action was refused, but not one with an accepted action', () => {
  const refused = tinyHistory().create('ana-1', 'm1').refused('ana-1').create('ana-2', 'm2')
  expect(doubtsOf(refused.refused('ana-2').build())).toEqual(['the app refused every action'])
  expect(doubtsOf(refused.create('ana-3', 'm3').accept('ana-3').build())).toEqual([])
})

describe('a screen that was not read', () => {
  const started = () =>
    tinyHistory()
      .create('ana-1', 'm1')
      .accept('ana-1')
      .start('ana')
      .start('ben')
      .view('ana', [])
      .view('ben', [])

  it('is one of an app that ran and showed nothing', () => {
    const history = started().heal().view('ben', [])
    expect(doubtsOf(history.build())).toEqual(["ana's app showed nothing when its screen was read"])
  })

  it('is none of a dead app, and none before anything is read', () => {
    expect(doubtsOf(started().crash('ana').heal().view('ben', []).build())).toEqual([])
    expect(doubtsOf(started().build())).toEqual([])
  })
})
