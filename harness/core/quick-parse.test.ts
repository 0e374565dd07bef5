import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { bodySchemas } from './event.ts'
import { NOT_ACCEPTED, quickParse } from './quick-parse.ts'
import { dumpSchema, responseSchema, viewSchema } from './report-schemas.ts'

const view = {
  rows: [{ collection: 'c', id: 'i', content: { text: 'x' }, status: 'sent', version: 1 }],
  outbox: [{ key: 'k', type: 'create', collection: 'c', record: 'r', rev: 1, state: 'pending' }],
}
const cursorSaved = {
  type: 'cursorSaved',
  epoch: 'e',
  cursor: 3,
  complete: true,
  full: false,
  rows: [{ collection: 'c', record: 'r', version: 1, deleted: false }],
}
const valid: readonly [name: string, schema: z.ZodType, value: object][] = [
  ['a view', viewSchema, view],
  ['an event', bodySchemas.get('cursorSaved') as z.ZodType, cursorSaved],
  ['a dump', dumpSchema, { epoch: 'e', position: 0, rows: [], conflicts: undefined }],
  ['a response', responseSchema, { status: 200, headers: { a: 'b' }, body: '' }],
]

describe('quick parsing', () => {
  it.each(valid)('accepts %s, as its schema does', (_name, schema, value) => {
    const parsed = quickParse(schema, { ...value, unknown: 1 })
    expect(parsed).toStrictEqual(value)
    expect(parsed).toStrictEqual(schema.parse(value))
  })

  it.each(valid)(
    'accepts %s with a changed part only if its schema does',
    (_name, schema, value) => {
      const parts = partsOf(value)
      fc.assert(
        fc.property(fc.constantFrom(...parts), fc.anything(), (path, part) => {
          const changed = withPart(value, path, part)
          const parsed = quickParse(schema, changed)
          const expected = schema.safeParse(changed)
          expect(parsed).toStrictEqual(expected.success ? expected.data : NOT_ACCEPTED)
        }),
      )
    },
  )

  it.each([
    ['a text with a form', z.email(), 'no address'],
    ['a text with a length', z.string().min(1), ''],
    ['a list with a length', z.array(z.string()).min(1), []],
    ['a whole number of its own kind', z.int(), 1.5],
    ['a number above another', z.number().gt(1), 1],
    ['a number made of a text', z.coerce.number(), 1],
    ['a refined object', z.object({}).refine(() => false), {}],
    ['a strict object', z.strictObject({}), { a: 1 }],
    ['a union', z.union([z.string(), z.number()]), 1],
  ])('leaves %s to the schema', (_name, schema, value) => {
    expect(quickParse<unknown>(schema, value)).toBe(NOT_ACCEPTED)
  })
})

type Path = readonly (string | number)[]

/** Lists the paths of all parts of a value, itself excluded. */
function partsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => {
    const own = [...path, key]
    return [own, ...partsOf(part, own)]
  })
}

function withPart(value: unknown, [key, ...rest]: Path, part: unknown): unknown {
  if (key === undefined) return part
  const copy = structuredClone(value) as Record<string, unknown>
  copy[key] = withPart(copy[key], rest, part)
  return copy
}
