import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const harness = join(root, 'harness')
const text = readFileSync(join(harness, 'ARCHITECTURE.md'), 'utf8')

/** Returns the paths in backticks: words with a slash or the ending of a source or of Markdown. */
function pathsIn(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '')
  return [...prose.matchAll(/`([^`\s]+)`/g)]
    .map(([, word = '']) => word)
    .filter((word) => /^[\w./-]+$/.test(word) && /\/|\.(cjs|json|md|tsx?)$/.test(word))
}

it('every path in backticks in ARCHITECTURE.md exists, below harness/ or the root', () => {
  const paths = pathsIn(text)
  expect(paths.length).toBeGreaterThan(40)
  const missing = paths.filter((path) => ![harness, root].some((at) => existsSync(join(at, path))))
  expect(missing).toEqual([])
})

it('every link in ARCHITECTURE.md leads to a file that exists', () => {
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = '']) => path)
  expect(links.length).toBeGreaterThan(3)
  expect(links.filter((path) => !existsSync(join(harness, path)))).toEqual([])
})

it('ARCHITECTURE.md lists every folder of harness/ in its table', () => {
  const folders = readdirSync(harness, { withFileTypes: true }).filter((at) => at.isDirectory())
  const rows = [...text.matchAll(/^\| `([\w-]+)\//gm)].map(([, folder]) => folder)
  expect([...new Set(rows)].sort()).toEqual(folders.map(({ name }) => name).sort())
})

it('recognises paths in backticks, but no code, no words and nothing in a code block', () => {
  expect(pathsIn('`core/`, `run/play.ts`, `npm run x`, `saved`\n```\n`not/this`\n```\n')).toEqual([
    'core/',
    'run/play.ts',
  ])
})
