import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** The most columns of a line, in code, comments and Markdown. */
const COLUMNS_MAX = 100

/** Lines that cannot be split, each with its reason. */
const LONG_LINES: readonly { readonly path: string; readonly reason: string }[] = []

/** Returns true for files that a program writes, or that tests compare byte by byte. */
const isGenerated = (path: string) =>
  path.startsWith('reports/golden/') || path.startsWith('reports/out/')

/** Lists the files that Git tracks or would track; in a copy without Git, the source folders'. */
function files(): string[] {
  try {
    const argv = ['ls-files', '--cached', '--others', '--exclude-standard']
    const list = execFileSync('git', argv, { cwd: root, encoding: 'utf8', stdio: 'pipe' })
    return list.split('\n')
  } catch {
    return ['harness', 'scenarios', 'clients', 'server-stub', 'reports', '.github'].flatMap(
      (folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
          (path) => `${folder}/${path}`,
        ),
    )
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return '' // Deleted, but not yet committed.
  }
}

const checked = files()
  .filter((path) => /\.(tsx?|[cm]?js|md|yml|sh)$|^\.ci\/run$/.test(path) && !isGenerated(path))
  .map((path) => ({ path, text: textOf(path) }))
const sources = checked.filter(({ path }) => /\.(tsx?|[cm]?js)$/.test(path))

/** A line that is only a text, such as a finding's sentence, which a search can find unbroken. */
const ONE_TEXT = /^\s*(?:return |\w+: |[?:] )?(['"`]).*\1[,;)\]}]*$/

/** Returns true if the line is a table's row, has a long URL, or is one text. */
function mayBeLong(path: string, line: string): boolean {
  if (!path.endsWith('.md') && ONE_TEXT.test(line)) return true
  if (path.endsWith('.md') && line.startsWith('|')) return true
  if (/https?:\/\/\S{40,}/.test(line)) return true
  return LONG_LINES.some((exception) => exception.path === path)
}

function longLinesIn(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, i) => {
    const columns = [...line].length
    if (columns <= COLUMNS_MAX || mayBeLong(path, line)) return []
    return [`${path}:${i + 1} has ${columns} columns: wrap it at ${COLUMNS_MAX}`]
  })
}

/** The first words of comments that make a reader wait for the subject. */
const LATE_SUBJECT = /^(What|One|How|It|Where|Whether)\b/

function commentsIn(text: string): { readonly line: number; readonly words: string }[] {
  const lines = text.split('\n')
  return lines.flatMap((line, i) => {
    const [, words] =
      /^\s*\/\*\*? (.*)/.exec(line) ?? /(?:^|\s)\/\/ (.*)/.exec(line) ?? ([] as string[])
    if (words !== undefined) {
      const continues = /^\s*\/\/ /.test(line) && /^\s*\/\/ /.test(lines[i - 1] ?? '')
      return continues ? [] : [{ line: i + 1, words }]
    }
    const opening = /^\s*\/\*\*?\s*$/.test(line)
    const next = /^\s*\* (.*)/.exec(lines[i + 1] ?? '')?.[1]
    return opening && next !== undefined ? [{ line: i + 2, words: next }] : []
  })
}

function lateSubjectsIn(path: string, text: string): string[] {
  return commentsIn(text).flatMap(({ line, words }) => {
    const [first] = LATE_SUBJECT.exec(words) ?? []
    return first === undefined
      ? []
      : [`${path}:${line} begins with '${first}': begin with a verb or the thing itself`]
  })
}

describe('language', () => {
  it('the language rules find the files to check', () => {
    expect(sources.length).toBeGreaterThan(20)
  })

  it('no line of a source or of Markdown is longer than 100 columns', () => {
    expect(checked.flatMap(({ path, text }) => longLinesIn(path, text))).toEqual([])
  })

  it('no comment begins with What, One, How, It, Where or Whether', () => {
    expect(sources.flatMap(({ path, text }) => lateSubjectsIn(path, text))).toEqual([])
  })

  it('every listed exception to the line length still has a long line', () => {
    const needed = LONG_LINES.filter(({ path }) =>
      textOf(path)
        .split('\n')
        .some((line) => line.length > COLUMNS_MAX),
    )
    expect(needed).toEqual(LONG_LINES)
  })
})

describe('the rules themselves', () => {
  const long = 'word '.repeat(30)

  it.each([
    ['x.ts', `// ${long}`],
    ['x.md', long],
  ])('the line length rule finds a long line in %s', (path, text) => {
    expect(longLinesIn(path, `short\n${text}`)).toEqual([
      expect.stringMatching(new RegExp(`^${path}:2 has \\d+ columns: wrap it at 100$`)),
    ])
  })

  it.each([
    ['x.md', `| ${long} |`],
    ['x.ts', `// https://example.org/${'long'.repeat(30)}`],
    ['x.ts', 'é'.repeat(100)],
  ])('the line length rule accepts in %s the line %s', (path, text) => {
    expect(longLinesIn(path, text)).toEqual([])
  })

  it.each([
    '/** What a run did. */',
    '/**\n * How a run ends.\n */',
    ['  //', 'It is long.'].join(' '),
    ['const a = 1 //', 'Whether b is known.'].join(' '),
    '/* Where files lie. */',
  ])('the comment rule finds the late subject of %j', (text) => {
    expect(lateSubjectsIn('x.ts', text)).toEqual([
      expect.stringMatching(/^x\.ts:[12] begins with '\w+': begin with a verb/),
    ])
  })

  it.each([
    '/** Returns the run. */',
    '// Called when\n// It continues here.',
    "const url = 'https://What.example'",
    '/** Items. */',
    '/** Whatever was thrown. */',
  ])('the comment rule finds no late subject in %j', (text) => {
    expect(lateSubjectsIn('x.ts', text)).toEqual([])
  })
})
