import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { everything } from '../testing/run.ts'
import { sanitizeData, sanitizeText } from './sanitize.ts'
import { countText, listText, truncate } from './text.ts'
import { laterText, momentText } from './time.ts'
import { figureLines } from './verdicts.ts'
import { wrap } from './wrap.ts'

describe('sanitizeText and sanitizeData', () => {
  it('sanitizeText escapes invisible characters', () => {
    expect(sanitizeText('a\nb\u0007\u001b[31m\u0085\u202e\ufeff\ud83d\u2028\uffff')).toBe(
      'a\\nb\\u0007\\u001b[31m\\u0085\\u202e\\ufeff\\ud83d\\u2028\\uffff',
    )
  })

  it('sanitizeText does not change texts of any language', () => {
    for (const text of ['Grüße 👩‍👩‍👧 你好', 'שלום', 'नमस्ते', '</script>"\'&'])
      expect(sanitizeText(text)).toBe(text)
  })

  it('sanitizeText leaves no control character and no lone surrogate in any text', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
        }),
        (text) => {
          expect(sanitizeText(text)).not.toMatch(/\p{Cc}/u)
          expect(sanitizeText(text).isWellFormed()).toBe(true)
        },
      ),
    )
  })

  it('sanitizeData cuts long texts in the middle', () => {
    const { text } = sanitizeData({ text: `begin${'x'.repeat(1_000_000)}end` })
    expect(text.length).toBeLessThan(1000)
    expect(text).toMatch(/^begin.*999208 characters.*end$/)
  })
})

it.each([
  [0, '0.00 s'],
  [2350, '2.35 s'],
  [59_994, '59.99 s'],
  [59_999, '1 m 00.0 s'],
  [125_300, '2 m 05.3 s'],
  [3_599_990, '1 h 00 m 00 s'],
  [12_005_000, '3 h 20 m 05 s'],
])('momentText shows %i ms as %s', (ms, text) => {
  expect(momentText(ms)).toBe(text)
})

it('laterText shows spans after and before a moment', () => {
  expect([laterText(840), laterText(-1500)]).toEqual(['+840 ms', '−1.5 s'])
})

it('countText, listText and truncate return texts as people write them', () => {
  expect([countText(0, 'run'), countText(1, 'run'), countText(2, 'reply', 'replies')]).toEqual([
    '0 runs',
    '1 run',
    '2 replies',
  ])
  expect([listText([]), listText(['a']), listText(['a', 'b', 'c'])]).toEqual([
    '',
    'a',
    'a, b and c',
  ])
  expect([truncate('four', 4), truncate('fives', 4), truncate('👩👩👩', 2)]).toEqual([
    'four',
    'fiv…',
    '👩…',
  ])
})

it('figureLines keeps the largest figure of each invariant, with its run', () => {
  const { run } = everything()
  const figures = ['9 retries', '14 retries', '2 retries']
  const results = run.results.slice(0, 3).map((result, i) => ({
    ...result,
    title: `Run ${i + 1}`,
    invariants: result.invariants.map((one) => ({ ...one, figure: figures[i] })).slice(0, 1),
  }))
  expect(figureLines({ ...run, results })).toEqual([
    'NO-LOSS: at most 14 retries (Run 2, wire, interview/naive)',
  ])
  expect(figureLines({ ...run, results: results.slice(0, 1) })).toEqual(['NO-LOSS: 9 retries'])
})

it('wrap loses no word', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^\S{1,12}$/), { minLength: 1 }),
      fc.integer({ min: 12, max: 40 }),
      (words, width) => {
        const lines = wrap(words.join(' '), width)
        expect(lines.join(' ')).toBe(words.join(' '))
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(width)
      },
    ),
  )
})
