import type { Json } from './json.ts'

/** Which operation wrote a text, and which record it belongs to. */
export interface Mark {
  readonly record: string
  readonly op: string
}

const PATTERN = / ?⟦([\w.-]+) ([\w.-]+)⟧$/

/**
 * Every payload carries the marker of the operation that wrote it, at its end and visible: so a row on any screen and a
 * row in any server's dump tells which operation it came from, also where client and server know nothing of us.
 */
export function mark(text: string, { record, op }: Mark): string {
  return `${text} ⟦${record} ${op}⟧`
}

/** The marker at the end of a text, if it carries one. */
export function markOf(text: string): Mark | undefined {
  const found = PATTERN.exec(text)
  return found ? { record: found[1] as string, op: found[2] as string } : undefined
}

/** The first marker among a record's text fields. */
export function markIn(
  content: Readonly<Record<string, Json>> | undefined | null,
): Mark | undefined {
  if (!content) return undefined
  for (const value of Object.values(content)) {
    const found = typeof value === 'string' ? markOf(value) : undefined
    if (found) return found
  }
  return undefined
}

/** All operations whose markers occur anywhere in a text (a request body, say), each once, in order. */
export function marksInText(text: string): string[] {
  const ops = new Set<string>()
  for (const found of text.matchAll(/⟦[\w.-]+ ([\w.-]+)⟧/g)) ops.add(found[1] as string)
  return [...ops]
}

/** The text as its writer typed it, without the marker. */
export function withoutMark(text: string): string {
  return text.replace(PATTERN, '')
}
