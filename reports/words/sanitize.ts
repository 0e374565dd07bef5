/**
 * Texts in results and histories may come from the system under test, which may be hostile. Reports
 * for reading pass their input through {@link sanitizeInput} before they render anything.
 *
 * @module
 */
import type { ReportInput } from '../../harness/core/report.ts'

/**
 * Characters that must not reach a terminal, an XML file or a page: control characters (they move
 * cursors and break XML), lone surrogates and noncharacters (no valid UTF-8), and the marks that
 * change the reading direction (they make a text look like another).
 */
const INVISIBLE = new RegExp(
  `[${[
    '\\p{Cc}\\p{Cs}',
    '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069',
    '\\u2028\\u2029',
    '\\ufeff\\ufff9-\\ufffb\\ufffe\\uffff',
  ].join('')}]`,
  'gu',
)

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Writes invisible characters as escapes (`\n`, `\u0007`, `\ud83d`), so the text is one line. */
export function sanitizeText(text: string): string {
  return text.replace(INVISIBLE, (character) => SHORT_ESCAPES[character] ?? hexEscape(character))
}

function hexEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** Reports for reading cut longer texts; result.json and the histories have them whole. */
const TEXT_LENGTH_MAX = 800
const TAIL_LENGTH = 200

/** Sanitizes the results, not the histories: sanitize each text that comes from a history. */
export function sanitizeInput(input: ReportInput): ReportInput {
  const entries = input.entries.map(({ result, history }) => ({
    result: sanitizeData(result),
    history,
  }))
  const run = sanitizeData({ ...input.run, results: [] })
  return { run: { ...run, results: entries.map(({ result }) => result) }, entries }
}

/** Copies the data with every text, keys too, sanitized and cut: no template has to do it. */
export function sanitizeData<Data>(data: Data): Data {
  return sanitizeValue(data) as Data
}

function sanitizeValue(value: unknown): unknown {
  if (typeof value === 'string') return sanitizeText(cutMiddle(value))
  if (Array.isArray(value)) return value.map(sanitizeValue)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [sanitizeText(key), sanitizeValue(member)]),
  )
}

/** Keeps the end of the text as well: the marker of the operation is there. */
function cutMiddle(text: string): string {
  if (text.length <= TEXT_LENGTH_MAX) return text
  const head = text.slice(0, TEXT_LENGTH_MAX - TAIL_LENGTH)
  const left = text.length - TEXT_LENGTH_MAX
  return `${head} … ${left} characters … ${text.slice(-TAIL_LENGTH)}`
}
