import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import html from './html.ts'
import { inputWith } from './testing/hostile-input.ts'
import { attacked, everything, holdings, intercepted, onePassed } from './testing/run.ts'
import { SCRIPT } from './viewer/script.ts'
import { STYLE } from './viewer/style.ts'

/** The page without its style and script, one tag per line: a change shows as few lines. */
const bare = (page: string) => page.replace(STYLE, '').replace(SCRIPT, '').replaceAll('><', '>\n<')

describe('html', () => {
  it.each([
    ['one-passed', onePassed],
    ['attacked', attacked],
    ['intercepted', intercepted],
  ])('renders the golden page %s', async (name, input) => {
    await expect(bare(html.render(input()))).toMatchFileSnapshot(`golden/${name}.html.txt`)
  })

  it('the page shows what a fault did to each request, and what was sent', () => {
    const page = html.render(intercepted())
    for (const text of [
      'fault: 503, a web page',
      'fault: 502 instead',
      'fault: answer lost',
      'fault: breaks the connection',
      'fault: kills server',
      'fault: holds the answer 4 s',
      'retry-after: 5',
      'Sign in&lt;/h1>',
    ])
      expect(page).toContain(text)
    expect(page).not.toContain('<h1>Sign in')
  })

  it('the page states in its head, once, that commits are derived, and words them so', () => {
    const page = html.render(holdings())
    const [head = '', ...rest] = page.split('tells only what it holds')
    expect(head).toContain('<header>')
    expect(head).not.toContain('</header>')
    expect(rest).toHaveLength(1)
    for (const text of [
      'holds message srv-1 v1 (ana-1)',
      'holds srv-1 v1 · ana-1',
      'from the dump',
    ])
      expect(page).toContain(text)
    expect(page).not.toMatch(/commits ana-1 as/)
  })

  it('the page has a section for each result and no dead link', () => {
    const page = html.render(everything())
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map((found) => found[1]))
    const links = [...page.matchAll(/ href="#([^"]+)"/g)].map((found) => found[1])
    expect([...page.matchAll(/<details class="run /g)]).toHaveLength(6)
    expect(links.length).toBeGreaterThan(50)
    expect(links.filter((link) => !ids.has(link))).toEqual([])
  })

  it('each element of the page has its own id', () => {
    const ids = [...html.render(everything()).matchAll(/ id="([^"]+)"/g)].map((found) => found[1])
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
  })

  it('every event of the evidence has an anchor in the diagram', () => {
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

  it('the page has the same tags with any texts', () => {
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

  it('the page cuts a message of a megabyte, and stays small', () => {
    expect(html.render(inputWith('m'.repeat(1_000_000))).length).toBeLessThan(100_000)
  })

  it('style and script of the page cannot end their own element', () => {
    expect(`${STYLE}${SCRIPT}`).not.toContain('</')
  })
})
