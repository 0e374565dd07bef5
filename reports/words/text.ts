/** '1 finding', '2 findings', '2 queries'. */
export function countText(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`
}

/** 'a', 'a and b', 'a, b and c'. */
export function listText(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? ''
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

const SHORT_LIST_MAX = 4

/** 'a, b, c, d', 'a, b, c and 2 more'. */
export function shortList(items: readonly string[]): string {
  if (items.length <= SHORT_LIST_MAX) return items.join(', ')
  const named = items.slice(0, SHORT_LIST_MAX - 1)
  return `${named.join(', ')} and ${items.length - named.length} more`
}

/** Returns the text with its prefix; '' without a text. */
export function prefixed(prefix: string, text: string | number | undefined): string {
  return text === undefined || text === '' ? '' : `${prefix}${text}`
}

/** Cuts the text to at most `lengthMax` characters, of which the last is then `…`. */
export function truncate(text: string, lengthMax: number): string {
  const characters = [...text]
  if (characters.length <= lengthMax) return text
  return `${characters.slice(0, Math.max(1, lengthMax - 1)).join('')}…`
}
