/** Plain JSON data: what a history, a record and a message body are made of. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

/**
 * JSON text with sorted keys and no blanks: equal values give equal bytes on any machine, so it can be hashed.
 * `undefined` members are left out, as JSON.stringify leaves them out. Lone surrogates become \ud800 escapes,
 * so the text is always well-formed UTF-16 and survives a trip through UTF-8.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  // Histories are hashed by the thousand: one growing text is faster than arrays of parts.
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
