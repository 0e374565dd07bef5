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
