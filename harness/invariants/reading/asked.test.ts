import { expect, it } from 'vitest'
import { tinyHistory } from '../../testing/history-builder.ts'
import { askedOf } from './asked.ts'

it('is the request that a late view answers, and else the view itself', () => {
  const history = tinyHistory()
    .add('ana', { type: 'viewRequested', request: 1 })
    .as('asked')
    .add('ben', { type: 'viewRequested', request: 1 })
    .add('ana', { type: 'view', view: { rows: [] }, request: 1 })
    .add('ana', { type: 'view', view: { rows: [] } })
    .as('at once')
  const built = history.build()
  const [late, atOnce] = built.of('view', 'ana')
  expect(late && askedOf(built, late).seq).toBe(history.seq('asked'))
  expect(atOnce && askedOf(built, atOnce).seq).toBe(history.seq('at once'))
})
