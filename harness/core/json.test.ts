import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical, isEqualJson } from './json.ts'

describe('canonical', () => {
  it('canonical sorts keys and omits undefined members', () => {
    expect(canonical({ b: 1, a: { d: undefined, c: [2, null, 'x'] } })).toBe(
      '{"a":{"c":[2,null,"x"]},"b":1}',
    )
  })

  it('canonical preserves any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('canonical gives the same text for any order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse())
        expect(canonical(reversed)).toBe(canonical(value))
      }),
    )
  })

  it('canonical distinguishes keys that contain a control character', () => {
    const texts = [
      { 'a\0b': 1, c: 2 },
      { a: 1, 'b\0c': 2 },
      { a: 1, b: 2, c: 3 },
    ].map(canonical)
    expect(texts).toEqual(['{"a\\u0000b":1,"c":2}', '{"a":1,"b\\u0000c":2}', '{"a":1,"b":2,"c":3}'])
  })

  it('canonical writes a text as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (text) => {
        expect(canonical(text)).toBe(JSON.stringify(text))
      }),
    )
  })

  it('canonical escapes lone surrogates, so that the text survives UTF-8', () => {
    expect(canonical('\ud800')).toBe('"\\ud800"')
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => canonical(text).isWellFormed()))
  })
})

describe('isEqualJson', () => {
  const small = fc.jsonValue({ maxDepth: 3 })

  it('holds for a value and its copy, whatever the order of members', () => {
    fc.assert(
      fc.property(small, (value) => {
        expect(isEqualJson(value, JSON.parse(canonical(value)))).toBe(true)
      }),
    )
  })

  it('tells values apart as their canonical texts do', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        expect(isEqualJson(a, b)).toBe(canonical(a) === canonical(b))
      }),
    )
    expect(isEqualJson({ a: 1 }, { a: 1, b: undefined })).toBe(true)
    expect(isEqualJson({ a: 1 }, { a: 1, b: null })).toBe(false)
    expect(isEqualJson([], {})).toBe(false)
  })
})
