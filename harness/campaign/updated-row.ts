import { type MatrixCell, shownOutcome } from '../core/matrix.ts'
import { isSameVerdict } from './differences.ts'
import type { ExpectedRow } from './expected-row.ts'

/**
 * Returns the text of an expected.json with the verdicts that were found in place of the expected
 * ones. `why` and `confirmed` stay with a cell whose verdict is the same; of another verdict they
 * may not be true. Cells that were not played stay as they are.
 */
export function updatedRow(
  data: object,
  expected: ExpectedRow,
  cells: readonly MatrixCell[],
): string {
  const found = cells.map((cell) => [cell.scenario, expectationFor(cell, expected)] as const)
  const before = (data as { cells?: object }).cells
  return jsonText({ ...data, cells: { ...before, ...Object.fromEntries(found) } })
}

/** Formats as Biome and Prettier do: a short list of texts stays on its line. */
function jsonText(data: object): string {
  const texts = /\[\s*("(?:[^"\\]|\\.)*"(?:,\s*"(?:[^"\\]|\\.)*")*)\s*\]/g
  const text = JSON.stringify(data, null, 2).replace(
    texts,
    (list, members: string, at: number, all: string) => {
      const line = `[${members.replace(/,\s*\n\s*/g, ', ')}]`
      const before = at - all.lastIndexOf('\n', at) - 1
      return before + line.length < COLUMNS ? line : list
    },
  )
  return `${text}\n`
}

const COLUMNS = 100

function expectationFor(cell: MatrixCell, { cells }: ExpectedRow): unknown {
  const known = cells.get(cell.scenario)
  const verdict = shownOutcome(cell)?.verdict ?? 'unknown'
  if (!known || !isSameVerdict(known.expect, verdict)) return verdict
  const isExplained = known.why !== undefined || known.confirmed !== undefined
  return isExplained ? { ...known, expect: verdict } : verdict
}
