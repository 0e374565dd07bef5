/** Plain JSON data: the content of histories, records and message bodies. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

/**
 * Returns JSON text with sorted keys and without blanks. Equal values give equal bytes on every
 * machine, so the text can be hashed. Omits members that are `undefined`, as JSON.stringify does.
 * Writes lone surrogates as escapes (\ud800), so that the text is well-formed and survives UTF-8.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  // Thousands of histories are hashed: one growing text is faster than arrays of parts.
  let text = ''
  if (Array.isArray(value)) {
    for (const member of value) text += text === '' ? canonical(member) : `,${canonical(member)}`
    return `[${text}]`
  }
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key]
    if (member !== undefined)
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonical(member)}`
  }
  return `{${text}}`
}
