import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { matrixSchema } from '../../harness/core/matrix.ts'
import { everyCell, hostileMatrix } from '../testing/matrix.ts'
import { SCRIPT } from '../viewer/script.ts'
import { STYLE } from '../viewer/style.ts'
import { matrixMarkdown } from './markdown.ts'
import { matrixPage } from './page.tsx'
import { MATRIX_STYLE } from './style.ts'
import { matrixTerminal } from './terminal.ts'

/** The page without its style and script, one tag per line: a change shows as few lines. */
const bare = (page: string) =>
  page.replace(`${STYLE}${MATRIX_STYLE}`, '').replace(SCRIPT, '').replaceAll('><', '>\n<')

describe('a matrix', () => {
  it.each([
    ['matrix.terminal.txt', matrixTerminal(everyCell())],
    ['matrix.md', matrixMarkdown(everyCell())],
    ['matrix.html.txt', bare(matrixPage(everyCell()))],
    ['matrix-attacked.terminal.txt', matrixTerminal(hostileMatrix())],
    ['matrix-attacked.md', matrixMarkdown(hostileMatrix())],
    ['matrix-attacked.html.txt', bare(matrixPage(hostileMatrix()))],
  ])('renders the golden %s', async (name, text) => {
    await expect(text).toMatchFileSnapshot(`../golden/${name}`)
  })

  it('colours the signs in a terminal, and nothing else changes', () => {
    const coloured = matrixTerminal(everyCell(), { color: true })
    expect(coloured).toContain('\u001b[31m✗')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is removed.
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(matrixTerminal(everyCell()))
  })

  it('the page has no dead link, and each id once', () => {
    const page = matrixPage(everyCell())
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((found) => found[1])
    const links = [...page.matchAll(/ href="#([^"]+)"/g)].map((found) => found[1])
    expect(links).toHaveLength(8)
    expect(links.filter((link) => !ids.includes(link))).toEqual([])
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
  })

  it('the page has the same tags with any texts', () => {
    const tags = (text: string) => matrixPage(hostileMatrix(text)).split('<').length
    for (const text of ['</style>', '<!--', '$&', '\'"&', '</bdi><img>'])
      expect(tags(text)).toBe(tags('x'))
  })

  it('each line of a table in Markdown has as many cells as its head', () => {
    const tables = matrixMarkdown(hostileMatrix('a | b'))
      .split('\n\n')
      .filter((part) => part.startsWith('|'))
    expect(tables).toHaveLength(3)
    for (const table of tables) {
      const counts = table.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length)
      expect(new Set(counts).size).toBe(1)
    }
  })

  it('matrix.json has a published schema, the current one', () => {
    const published: unknown = JSON.parse(
      readFileSync(new URL('../schema/matrix.schema.json', import.meta.url), 'utf8'),
    )
    expect(published).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(matrixSchema))))
    expect(matrixSchema.parse(everyCell())).toEqual(everyCell())
  })
})
