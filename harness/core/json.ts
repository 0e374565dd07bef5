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
  if (value === null || typeof value !== 'object') return canonicalScalar(value)
  // Thousands of histories are hashed: one growing text is faster than arrays of parts.
  let text = ''
  if (Array.isArray(value)) {
    for (const member of value) text += text === '' ? canonical(member) : `,${canonical(member)}`
    return `[${text}]`
  }
  for (const { key, json } of sortedKeys(value)) {
    const member = (value as Record<string, unknown>)[key]
    if (member !== undefined) text += `${text === '' ? '' : ','}${json}:${canonical(member)}`
  }
  return `{${text}}`
}

/** Most texts are short and need no escaping: quotes are faster than JSON.stringify. */
function canonicalScalar(value: unknown): string {
  if (typeof value === 'string' && value.length < 100 && /^[ !#-[\]-~]*$/.test(value))
    return `"${value}"`
  return JSON.stringify(value) ?? 'null'
}

interface SortedKey {
  readonly key: string
  readonly json: string
}

/** Caches the order of keys by the keys as found: a history has a few dozen shapes of objects. */
const knownShapes = new Map<string, readonly SortedKey[]>()
const SHAPES_MAX = 1000

function sortedKeys(value: object): readonly SortedKey[] {
  const keys = Object.keys(value)
  // Keys that contain the separator are not cached, so an equal count means equal keys.
  const shape = keys.join('\u0000')
  const known = knownShapes.get(shape)
  if (known?.length === keys.length) return known
  const sorted = keys.sort().map((key) => ({ key, json: JSON.stringify(key) }))
  if (keys.some((key) => key.includes('\u0000'))) return sorted
  if (knownShapes.size >= SHAPES_MAX) knownShapes.clear()
  knownShapes.set(shape, sorted)
  return sorted
}

/** Compares two values that JSON can hold. A member that is undefined counts as absent. */
export function isEqualJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [left, right] = [a as Members, b as Members]
  for (const key in left) if (!isEqualJson(left[key], right[key])) return false
  for (const key in right) if (right[key] !== undefined && left[key] === undefined) return false
  return true
}

type Members = Readonly<Record<string, unknown>>
