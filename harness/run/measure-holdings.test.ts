import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import { MEASURES } from './measure.ts'

const derived = { derived: true } as const

describe('the measures of a server that tells holdings only', () => {
  const begun = () =>
    tinyHistory({ tells: 'holdings' })
      .create('ana-1', 'n1', 'a')
      .accept('ana-1')
      .roundTrip('ana', 'r1', ['ana-1'], { atServer: (h) => void h.commit('ana-1', derived) })

  it('count derived commits, without those of a server that began again', () => {
    const restored = begun()
      .commit('ana-1', { ...derived, epoch: 'e2', recovered: true })
      .build()
    expect(MEASURES.serverCommits(restored)).toBe(1)
  })

  it.each([
    ['did not show the newest effect', [], 1],
    ['showed it', ['ana-1 sent'], 0],
  ])('count a conflict if the last screen %s', (_, rows, conflicts) => {
    const history = begun().view('ben', rows).update('ben-1', 'n1', 'b')
    history.roundTrip('ben', 'r2', ['ben-1'], { atServer: (h) => void h.commit('ben-1', derived) })
    expect(MEASURES.conflicts(history.build())).toBe(conflicts)
  })

  it('count no conflict with an own earlier write', () => {
    const history = begun().update('ana-2', 'n1', 'b')
    history.roundTrip('ana', 'r2', ['ana-2'], { atServer: (h) => void h.commit('ana-2', derived) })
    expect(MEASURES.conflicts(history.build())).toBe(0)
  })

  it('count a duplicate if a write succeeds again without a second effect', () => {
    expect(MEASURES.duplicatesRecognised(begun().build())).toBe(0)
    const again = begun().roundTrip('ana', 'r2', ['ana-1'])
    expect(MEASURES.duplicatesRecognised(again.build())).toBe(1)
    const twice = begun().roundTrip('ana', 'r2', ['ana-1'], {
      atServer: (h) => void h.commit('ana-1', derived),
    })
    expect(MEASURES.duplicatesRecognised(twice.build())).toBe(0)
  })
})
