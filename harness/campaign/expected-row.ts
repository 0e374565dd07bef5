import { z } from 'zod'
import { cellVerdictSchema } from '../core/matrix.ts'
import { Problem } from '../core/problem.ts'

const line = z
  .string()
  .min(1)
  .regex(/^[^\n]*$/, 'expected one line')

const cellSchema = z.union([
  cellVerdictSchema,
  z.strictObject({
    expect: cellVerdictSchema,
    why: line.optional(),
    confirmed: line.optional(),
  }),
])

const rowSchema = z.strictObject({
  title: line,
  library: line,
  version: line.optional(),
  backend: line,
  client: line.default('./client.ts'),
  server: line.default('./server.ts'),
  dump: line.optional(),
  scenarios: z.array(line).min(1).optional(),
  cells: z.record(z.string(), cellSchema),
})

/** The verdict that is expected of a cell, and why. */
export type ExpectedCell = Extract<z.infer<typeof cellSchema>, { expect: unknown }>

/** A row as its expected.json describes it, with the cells in one form. */
export interface ExpectedRow extends Omit<z.infer<typeof rowSchema>, 'cells'> {
  readonly cells: ReadonlyMap<string, ExpectedCell>
}

/** The names that a row may use. */
export interface KnownNames {
  readonly scenarios: readonly string[]
  readonly invariants: ReadonlySet<string>
}

/** Checks the content of an expected.json. Throws a Problem that names `source` and the member. */
export function parseExpectedRow(data: unknown, source: string, known: KnownNames): ExpectedRow {
  const parsed = rowSchema.safeParse(data)
  if (!parsed.success) throw new Problem(`${source} ${issueText(parsed.error.issues, data)}`)
  const { cells, ...row } = parsed.data
  const unknown = [...(row.scenarios ?? []), ...Object.keys(cells)].find(
    (name) => !known.scenarios.includes(name),
  )
  if (unknown !== undefined)
    throw new Problem(`${source}: no scenario is called '${unknown}'; list shows all of them`)
  const expected = new Map(Object.entries(cells).map(([name, cell]) => [name, whole(cell)]))
  for (const [name, { expect }] of expected) {
    const stranger = Array.isArray(expect) && expect.find((id) => !known.invariants.has(id))
    if (stranger)
      throw new Problem(
        `${source}: cells.${name} expects invariants such as NO-LOSS, got '${stranger}'`,
      )
  }
  return { ...row, cells: expected }
}

function whole(cell: z.infer<typeof cellSchema>): ExpectedCell {
  return typeof cell === 'string' || Array.isArray(cell) ? { expect: cell } : cell
}

const CELL = `"pass", "unknown", "skipped", a list of invariants, or { "expect": … } around one`

function issueText(issues: readonly z.core.$ZodIssue[], data: unknown): string {
  const [issue] = issues
  if (!issue) return 'is unreadable'
  const path = issue.path.map(String)
  const received = JSON.stringify(path.reduce<unknown>(member, data)) ?? 'nothing'
  if (path[0] === 'cells' && path.length > 1)
    return `expects for cells.${path[1]}: ${CELL}; got ${JSON.stringify(member(member(data, 'cells'), path[1] ?? ''))}`
  if (issue.code === 'unrecognized_keys')
    return `has the unknown member '${issue.keys[0]}': expected ${Object.keys(rowSchema.shape).join(', ')}`
  if (path.length === 0) return `expects an object, got ${received.slice(0, 60)}`
  return `expects for '${path.join('.')}': ${issue.message.replace(/, received .*$/, '')}; got ${received}`
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined
}
