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

  const texts = fc.array(fc.string({ unit: 'binary' }).filter((text) => !/[⟦⟧]/.test(text)))
  const name = fc.stringMatching(/^[\w.-]+$/)
  const marks = fc.array(fc.record({ record: name, opId: name }), { maxLength: 4 })
  const anyCase = fc.func(fc.boolean())
  const isWellFormed = (text: string) => !/\p{Surrogate}/u.test(text)

  it.each<[string, (text: string, upper: (at: number) => boolean) => string]>([
    ['as they are', (text) => JSON.stringify({ text })],
    ['as escapes of JSON', (text, upper) => escaped(JSON.stringify({ text }), upper)],
    [
      'as escapes of JSON in JSON',
      (text, upper) => JSON.stringify({ doc: escaped(JSON.stringify({ text }), upper) }),
    ],
    ['percent-encoded', (text) => `/notes/${encodeURIComponent(text)}`],
    [
      'percent-encoded in small letters',
      (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
    ],
    ['in a form', (text) => new URLSearchParams({ id: '7', text }).toString()],
    [
      'as escapes of JSON in a form',
      (text, upper) =>
        new URLSearchParams({ doc: escaped(JSON.stringify({ text }), upper) }).toString(),
    ],
  ])('markers are found %s', (_how, encode) => {
    fc.assert(
      fc.property(texts, marks, anyCase, (between, written, upper) => {
        const text = written
          .map((marker, i) => mark(between[i] ?? '', marker))
          .concat(between.slice(written.length))
          .join('')
        fc.pre(isWellFormed(text))
        const opIds = [...new Set(written.map(({ opId }) => opId))]
        expect(marksInText(encode(text, upper))).toEqual(opIds)
      }),
    )
  })

  it('markers are not found where only half of one is, or another escape', () => {
    for (const text of ['⟦m1 ana-1', '\\u27e6m1 ana-1', '%E2%9F%A6m1+ana-1', 'u27e6m1 ana-1u27e7'])
      expect(marksInText(text)).toEqual([])
  })
})

/** Writes JSON as Python's json.dumps does, with the letters of each escape in either case. */
function escaped(json: string, upper: (at: number) => boolean): string {
  return json.replace(/[\u007f-\uffff]/g, (unit, at: number) => {
    const code = unit.charCodeAt(0).toString(16).padStart(4, '0')
    return `\\u${upper(at) ? code.toUpperCase() : code}`
  })
}
