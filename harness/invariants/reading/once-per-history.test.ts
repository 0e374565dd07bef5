import { expect, it } from 'vitest'
import { tinyHistory } from '../../testing/history-builder.ts'
import { oncePerHistory } from './once-per-history.ts'

it('oncePerHistory computes a result once for each history, even an undefined one', () => {
  const asked: unknown[] = []
  const read = oncePerHistory((history) => {
    asked.push(history)
    return history.serverState
  })
  const [one, other] = [tinyHistory().build(), tinyHistory().start('ana').build()]

  for (const history of [one, other, one, other]) expect(read(history)).toBeUndefined()

  expect(asked).toEqual([one, other])
})
