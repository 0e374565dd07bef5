import type { Json } from '../../harness/core/json.ts'

const NESTING_MAX = 32

/**
 * Returns the reason why content cannot be stored unchanged; undefined if it can. Deep nesting
 * would overflow the stack later, copying an object loses `__proto__`, and JSON has no Infinity, to
 * which
 * 1e999 is parsed.
 */
export function invalidContentReason(value: Json, depth = 0): string | undefined {
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : 'content holds a number too large to keep'
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= NESTING_MAX) return `content is nested deeper than ${NESTING_MAX} levels`
  for (const name of Object.keys(value)) {
    if (name === '__proto__') return "content holds a field named '__proto__'"
    const member = (value as Readonly<Record<string, Json>>)[name] as Json
    const reason = invalidContentReason(member, depth + 1)
    if (reason !== undefined) return reason
  }
  return undefined
}
