import type { Json } from './json.ts'

/** The operation that wrote a text, and the record that the text belongs to. */
export interface Mark {
  readonly record: string
  readonly opId: string
}

/** Matches every marker in a text, wherever it is. */
export const MARKERS = /⟦[\w.-]+ ([\w.-]+)⟧/g

const PATTERN = / ?⟦([\w.-]+) ([\w.-]+)⟧$/

/**
 * Appends a visible marker to a text. The marker stays in the text on its way through any client
 * and server, even if they know nothing of tunnelproof. By the marker, each row on a screen and in
 * a server's dump is joined to the operation that wrote it.
 *
 * @example
 * mark('Hello', { record: 'm1', opId: 'ana-1' }) // 'Hello ⟦m1 ana-1⟧'
 */
export function mark(text: string, marker: Mark): string {
  return `${text} ${markerText(marker)}`
}

/** Returns a marker as it stands in texts: '⟦m1 ana-1⟧'. */
export const markerText = ({ record, opId }: Mark): string => `⟦${record} ${opId}⟧`

/** Returns the marker at the end of a text, if there is one. */
export function markOf(text: string): Mark | undefined {
  const [, record, opId] = PATTERN.exec(text) ?? []
  return record !== undefined && opId !== undefined ? { record, opId } : undefined
}

/** Returns the first marker in a record's text fields, if there is one. */
export function markIn(
  content: Readonly<Record<string, Json>> | undefined | null,
): Mark | undefined {
  if (!content) return undefined
  for (const value of Object.values(content)) {
    const marker = typeof value === 'string' ? markOf(value) : undefined
    if (marker) return marker
  }
  return undefined
}

/**
 * Matches markers also as they travel: in JSON strings whose writer escapes everything outside
 * ASCII ('\\u27e6m1 ana-1\\u27e7'), in paths and in forms ('%E2%9F%A6m1+ana-1%E2%9F%A7'), and in
 * JSON within such a text.
 */
const TRAVELLING_MARKERS = (() => {
  const bracket = (raw: string, code: string, bytes: string) =>
    `(?:${raw}|(?:\\\\|%5C)+u${code}|${bytes})`
  const opening = bracket('⟦', '27e6', '%E2%9F%A6')
  const closing = bracket('⟧', '27e7', '%E2%9F%A7')
  return new RegExp(`${opening}[\\w.-]+(?: |\\+|%20)([\\w.-]+)${closing}`, 'gi')
})()

/** A bracket of a marker that is written in another way than as a character. */
const TRAVELLING_BRACKET = /u27e6|%E2%9F%A6/i

/**
 * Returns the operations whose markers occur anywhere in a text, such as a request body or a path:
 * each once, in order.
 */
export function marksInText(text: string): string[] {
  // Most requests have no body, or no marker in it.
  const mayBeEncoded = text.includes('\\') || text.includes('%')
  const isEncoded = mayBeEncoded && TRAVELLING_BRACKET.test(text)
  if (!isEncoded && !text.includes('⟦')) return []
  const opIds = new Set<string>()
  const markers = text.matchAll(isEncoded ? TRAVELLING_MARKERS : MARKERS)
  for (const [, opId = ''] of markers) opIds.add(opId)
  return [...opIds]
}

/** Returns the text without the marker, as the person typed it. */
export function withoutMark(text: string): string {
  return text.replace(PATTERN, '')
}
