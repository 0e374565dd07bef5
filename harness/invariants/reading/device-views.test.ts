import { expect, it } from 'vitest'
import { tinyHistory } from '../../testing/history-builder.ts'
import { viewsOf } from './device-views.ts'

it('finds the views that were asked for after one event and arrived before another', () => {
  const history = tinyHistory()
    .view('ana')
    .add('ana', { type: 'viewRequested', request: 1 })
    .view('ben')
    .as('from')
    .add('ana', { type: 'view', view: { rows: [] }, request: 1 })
    .view('ana')
    .as('second')
    .view('ana')
    .as('until')
  const built = history.build()
  const views = viewsOf(built, 'ana')
  const found = [...views.between(history.seq('from'), history.seq('until'))]
  expect(found.map(({ seq }) => seq)).toEqual([history.seq('second')])
  expect(views.firstAfter(history.seq('second'))?.seq).toBe(history.seq('until'))
  expect(views.firstAfter(history.seq('until'))).toBeUndefined()
  expect(viewsOf(built, 'ana')).toBe(views)
})
