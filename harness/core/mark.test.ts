import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mark, markIn, markOf, marksInText, withoutMark } from './mark.ts'

describe('markers', () => {
  it('markers are read back from any text, and removed completely', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const marked = mark(text, { record: 'm1', opId: 'ana-1' })
        expect(markOf(marked)).toEqual({ record: 'm1', opId: 'ana-1' })
        expect(withoutMark(marked)).toBe(text)
      }),
    )
  })

  it('markers are undefined for texts and records without one', () => {
    expect(markOf('hello')).toBeUndefined()
    expect(markIn({ text: 'hello', count: 3 })).toBeUndefined()
    expect(markIn(undefined)).toBeUndefined()
  })

  it('markers in a request body are listed once each, in order', () => {
    const body = JSON.stringify([
      mark('a', { record: 'm1', opId: 'ana-1' }),
      mark('b', { record: 'm2', opId: 'ana-2' }),
      mark('b', { record: 'm2', opId: 'ana-2' }),
    ])
    expect(marksInText(body)).toEqual(['ana-1', 'ana-2'])
  })
})
