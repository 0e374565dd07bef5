import {
  type CellOutcome,
  type CellVerdict,
  isFailure,
  type Matrix,
  type MatrixCell,
  type MatrixRow,
  shownOutcome,
} from '../../harness/core/matrix.ts'
import { spanText } from '../../harness/core/time.ts'
import { countText, listText } from '../words/text.ts'
import { countsText } from '../words/verdicts.ts'

/** The sign of a cell: readable without colour. */
export const SIGNS = { pass: '✓', fail: '✗', unknown: '?', skipped: '–', absent: '' } as const
export type CellKind = keyof typeof SIGNS

export function kindOf(verdict: CellVerdict | undefined): CellKind {
  if (verdict === undefined) return 'absent'
  return isFailure(verdict) ? 'fail' : verdict
}

export function cellOf({ cells }: MatrixRow, scenario: string): MatrixCell | undefined {
  return cells.find((cell) => cell.scenario === scenario)
}

export const kindOfCell = (cell: MatrixCell | undefined) =>
  kindOf(cell && shownOutcome(cell)?.verdict)

/** '14 rows, 203 cells: 120 pass, 60 fail, 23 unknown; 2 differ from what is expected' */
export function matrixTally({ rows }: Matrix): string {
  const cells = rows.flatMap((row) => row.cells)
  const count = (kind: CellKind) => cells.filter((cell) => kindOfCell(cell) === kind).length
  const counts = countsText([
    [count('pass'), 'pass'],
    [count('fail'), 'fail'],
    [count('unknown'), 'undecided'],
    [count('skipped'), 'skipped'],
  ])
  const differing = cells.filter(({ differences }) => differences.length > 0).length
  const problems = rows.filter(({ problem }) => problem !== undefined).length
  const rest = [
    `${countText(rows.length, 'row')}, ${countText(cells.length, 'cell')}`,
    ...(counts.length > 0 ? [`: ${counts.join(', ')}`] : []),
    `; ${differing === 0 ? 'all as expected' : `${differing} not as expected`}`,
    ...(problems > 0 ? [`; ${countText(problems, 'row')} could not be played`] : []),
  ]
  return rest.join('')
}

/** 'sim, 2 of 3 runs; wire': the worlds in which a cell has its verdict. */
export function whereText({ sim, wire }: MatrixCell): string {
  const text = (world: string, outcome: CellOutcome | undefined) => {
    if (!outcome || outcome.runs === 0) return []
    const { runs, alike } = outcome
    return [alike === runs ? world : `${world}, ${alike} of ${countText(runs, 'run')}`]
  }
  const same = wire && kindOf(wire.verdict) === kindOf(sim?.verdict ?? wire.verdict)
  return [...text('sim', sim), ...(same ? text('wire', wire) : [])].join('; ')
}

/** The names of the invariants that fail. */
export function brokenText(cell: MatrixCell): string {
  const verdict = shownOutcome(cell)?.verdict
  return isFailure(verdict) ? listText(verdict) : ''
}

/** The cells that call for an explanation: those that fail, are undecided, or differ. */
export function cellsToExplain({ cells }: MatrixRow): MatrixCell[] {
  return cells.filter(
    (cell) => !['pass', 'skipped'].includes(kindOfCell(cell)) || cell.differences.length > 0,
  )
}

/** The figures of a row over all of its cells, each for people; '–' if there is none. */
export interface RowFigures {
  readonly lines: string
  readonly requests: string
  readonly bytes: string
  readonly recovery: string
  readonly speed: string
}

const NONE = '–'

export function rowFigures({ clientLines, serverLines, cells, ...row }: MatrixRow): RowFigures {
  const outcomes = cells.flatMap((cell) => shownOutcome(cell) ?? [])
  const costs = outcomes.map(({ cost }) => cost).filter(({ writes }) => writes > 0)
  const requests = median(costs.map((cost) => cost.requests / cost.writes))
  const bytes = median(costs.map((cost) => cost.bytes / cost.writes))
  const recoveries = outcomes.flatMap(({ recoveryMs }) => recoveryMs ?? [])
  return {
    lines: `${clientLines ?? NONE} + ${serverLines ?? NONE}`,
    requests: requests === undefined ? NONE : rounded(requests),
    bytes: bytes === undefined ? NONE : sizeText(bytes),
    recovery: recoveries.length === 0 ? NONE : spanText(Math.max(...recoveries)),
    speed: row.runsPerCoreSecond === undefined ? NONE : String(row.runsPerCoreSecond),
  }
}

/** The meaning of each figure, for a legend. */
export const FIGURES: Readonly<Record<keyof RowFigures, readonly [head: string, text: string]>> = {
  lines: ['lines', 'of client and server, without blank ones and comments'],
  requests: [
    'requests',
    'that carried a write, per write, in the median cell: long outages need more',
  ],
  bytes: ['bytes', 'of the bodies of these requests, per write'],
  recovery: [
    'recovery',
    'the longest time from the end of the last fault until the server held everything and each ' +
      'screen showed it, over the cells in which all of it arrived',
  ],
  speed: ['runs/s', 'in the sim, judged, per second of processor time'],
}

function median(numbers: readonly number[]): number | undefined {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]
}

const rounded = (number: number) => String(Math.round(number * 10) / 10)

const sizeText = (bytes: number) =>
  bytes < 1000 ? `${Math.round(bytes)} B` : `${rounded(bytes / 1000)} kB`
