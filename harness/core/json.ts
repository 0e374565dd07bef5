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

/** The most members that {@link jsonFlaw} visits: it also ends a value that contains itself. */
const MEMBERS_MAX = 100_000
/** The most levels of nesting. JSON.stringify would need more stack than there may be. */
const LEVELS_MAX = 200

const knownJson = new WeakSet<object>()

/** Returns the first part of a value that is no JSON, with its path; undefined if all of it is. */
export function jsonFlaw(
  value: unknown,
): { readonly path: readonly PropertyKey[]; readonly value: unknown } | undefined {
  if (typeof value === 'object' && value !== null && knownJson.has(value)) return undefined
  const path: PropertyKey[] = []
  let members = 0
  /** Leaves the path of the flaw in `path`. */
  const isFlawed = (part: unknown): boolean => {
    if (part === null || typeof part === 'string' || typeof part === 'boolean') return false
    if (typeof part === 'number') return !Number.isFinite(part)
    if (typeof part !== 'object' || !isPlain(part)) return true
    if (++members > MEMBERS_MAX || path.length > LEVELS_MAX) return true
    const inArray = Array.isArray(part)
    for (const [key, member] of inArray ? part.entries() : Object.entries(part)) {
      // JSON.stringify omits such a member of an object, and so does a hash.
      if (member === undefined && !inArray) continue
      path.push(key)
      if (isFlawed(member)) return true
      path.pop()
    }
    return false
  }
  if (isFlawed(value))
    return { path, value: path.reduce((part, key) => (part as never)[key], value) }
  if (typeof value === 'object' && value !== null && Object.isFrozen(value)) knownJson.add(value)
  return undefined
}

/** Returns true for arrays and for objects of fields: also of a class, or of another realm. */
function isPlain(value: object): boolean {
  if (Object.getPrototypeOf(value) === Object.prototype || Array.isArray(value)) return true
  return Object.prototype.toString.call(value) === '[object Object]' && !('toJSON' in value)
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
