import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import junit from './junit.ts'
import { inputWith } from './testing/hostile-input.ts'
import { attacked, everything } from './testing/run.ts'
import { HOSTILE } from './testing/stories.ts'
import { hasPython, parseXml } from './testing/xml.ts'
import { sanitizeText } from './words/sanitize.ts'

describe('junit', () => {
  it('JUnit XML has failures, undecided runs as errors, and skipped scenarios', async () => {
    await expect(junit.render(everything())).toMatchFileSnapshot('golden/everything.junit.xml')
  })

  it('JUnit XML contains an attack as data', async () => {
    await expect(junit.render(attacked())).toMatchFileSnapshot('golden/attacked.junit.xml')
  })

  if (!hasPython)
    console.warn('junit: expected python3 on the PATH, found none: well-formedness is NOT checked')
  describe.skipIf(!hasPython)('JUnit XML in another parser (python3)', () => {
    it('JUnit XML has a suite per world and a case per scenario, with the right counts', () => {
      const [parsed] = parseXml([junit.render(everything())])
      const found = parsed?.found ?? []
      const of = (tag: string) =>
        found.filter(([name]) => name === tag).map(([, attributes]) => attributes)
      expect(of('testsuites')).toMatchObject([
        { tests: '8', failures: '3', errors: '1', skipped: '2' },
      ])
      expect(of('testsuite').map(({ name, tests }) => [name, tests])).toEqual([
        ['sim', '4'],
        ['wire', '4'],
      ])
      expect(of('failure').map(({ type }) => type)).toEqual([
        'NO-LOSS',
        'EXACTLY-ONCE ONE-ROW',
        'NO-LOSS',
      ])
    })

    it('JUnit XML keeps every hostile character, escaped where XML does not allow it', () => {
      const [parsed] = parseXml([junit.render(attacked())])
      const failure = parsed?.found?.find(([tag]) => tag === 'failure')
      expect(failure?.[1]?.message).toContain(sanitizeText(HOSTILE))
      expect(failure?.[2]).toContain(sanitizeText(HOSTILE))
    })

    it('JUnit XML is well-formed with any texts', () => {
      const documents: string[] = []
      const anyText = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc
          .array(fc.constantFrom(']]>', ']', '>', '<![CDATA[', '&', '<', '"', 'x'))
          .map((parts) => parts.join('')),
        fc.string({
          unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
        }),
      )
      fc.assert(
        fc.property(anyText, (text) => {
          documents.push(junit.render(inputWith(text)))
        }),
        { numRuns: 200 },
      )
      expect(
        parseXml(documents).flatMap(({ error }, i) =>
          error === undefined ? [] : [[error, documents[i]]],
        ),
      ).toEqual([])
    })
  })
})
