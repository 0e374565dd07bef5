import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import html from './html.ts'
import { inputWith } from './testing/hostile-input.ts'
import { attacked, everything, onePassed } from './testing/run.ts'
import { SCRIPT } from './viewer/script.ts'
import { STYLE } from './viewer/style.ts'

/** The page without what is the same in every page, a tag a line: so that a change shows as few lines. */
const bare = (page: string) => page.replace(STYLE, '').replace(SCRIPT, '').replaceAll('><', '>\n<')

describe('html', () => {
  it.each([
    ['one-passed', onePassed],
    ['attacked', attacked],
  ])('renders %s', async (name, input) => {
    await expect(bare(html.render(input()))).toMatchFileSnapshot(`golden/${name}.html.txt`)
  })

  it('has a section for each result, and no link that leads nowhere', () => {
    const page = html.render(everything())
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map((found) => found[1]))
    const links = [...page.matchAll(/ href="#([^"]+)"/g)].map((found) => found[1])
    expect([...page.matchAll(/<details class="run /g)]).toHaveLength(6)
    expect(links.length).toBeGreaterThan(50)
    expect(links.filter((link) => !ids.has(link))).toEqual([])
  })

  it('names no element twice', () => {
    const ids = [...html.render(everything()).matchAll(/ id="([^"]+)"/g)].map((found) => found[1])
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
  })

  it('marks every event of a proof in the diagram', () => {
    const { run } = everything()
    const page = html.render(everything())
    for (const [i, result] of run.results.entries()) {
      for (const seq of result.invariants.flatMap(({ findings }) =>
        findings.flatMap(({ evidence }) => evidence),
      )) {
        expect(page).toContain(`id="r${i + 1}-e${seq}"`)
      }
    }
  })

  it('has the same tags whatever the texts hold', () => {
    const tags = (text: string) => html.render(inputWith(text)).split('<').length
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc
        .array(
          fc.constantFrom(
            '<',
            '>',
            '"',
            "'",
            '&',
            '</script>',
            '</style>',
            '<!--',
            '$&',
            '$`',
            ']]>',
            'x',
          ),
          { minLength: 1 },
        )
        .map((parts) => parts.join('')),
    )
    const harmless = tags('x')
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tags(text)).toBe(harmless)
      }),
      { numRuns: 60 },
    )
  })

  it('is small: a message of a megabyte is cut', () => {
    expect(html.render(inputWith('m'.repeat(1_000_000))).length).toBeLessThan(100_000)
  })

  it('can hold its own style and script', () => {
    expect(`${STYLE}${SCRIPT}`).not.toContain('</')
  })
})
