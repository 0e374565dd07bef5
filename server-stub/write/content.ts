import type { Json } from '../../harness/core/json.ts'

const DEEPEST = 32

/**
 * Why this content cannot be kept as it came, or undefined when it can. Deep nesting overflows stacks later, `__proto__` is lost when objects are copied,
 * and JSON has no way to give 1e999 back.
 */
export function contentFlaw(value: Json, depth = 0): string | undefined {
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : 'content holds a number too large to keep'
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= DEEPEST) return `content is nested deeper than ${DEEPEST} levels`
  for (const name of Object.keys(value)) {
    if (name === '__proto__') return "content holds a field named '__proto__'"
    const flaw = contentFlaw((value as Readonly<Record<string, Json>>)[name] as Json, depth + 1)
    if (flaw !== undefined) return flaw
  }
  return undefined
}
