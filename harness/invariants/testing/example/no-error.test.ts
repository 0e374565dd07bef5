import { expect, it } from 'vitest'
import { tinyHistory } from '../../../testing/history-builder.ts'
import noError from './no-error.ts'

it('NO-ERROR judges nothing in an empty history', () => {
  expect(tinyHistory().check(noError)).toEqual({ judged: 0, findings: [] })
})

it('NO-ERROR passes an app that starts and runs', () => {
  expect(tinyHistory().start('ana').view('ana').check(noError)).toEqual({ judged: 1, findings: [] })
})

it('NO-ERROR reports an exception with its time and message', () => {
  const history = tinyHistory().add('ana', { type: 'error', message: 'disk is full' }).as('error')
  expect(history.findings(noError)).toEqual([
    {
      message: "ana's app let an exception escape at 100 ms: disk is full",
      opIds: [],
      evidence: [history.seq('error')],
    },
  ])
})
