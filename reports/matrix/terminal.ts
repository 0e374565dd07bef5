import colors from 'picocolors'
import { isFailure, type Matrix, type MatrixRow } from '../../harness/core/matrix.ts'
import type { ReportOptions } from '../../harness/core/report.ts'
import { spanText } from '../../harness/core/time.ts'
import { sanitizeData } from '../words/sanitize.ts'
import { wrapHanging } from '../words/wrap.ts'
import {
  type CellKind,
  cellOf,
  kindOfCell,
  matrixTally,
  rowFigures,
  SIGNS,
} from './matrix-words.ts'

/**
 * Renders what is printed after a matrix: a line of signs for each row, then each difference, each
 * row that could not be played, and each failing cell without an explanation.
 */
export function matrixTerminal(
  input: Matrix,
  { color = false, width = 100 }: ReportOptions = {},
): string {
  const matrix = sanitizeData(input)
  const paint = colors.createColors(color)
  const paints: Readonly<Record<CellKind, (text: string) => string>> = {
    pass: paint.green,
    fail: paint.red,
    unknown: paint.yellow,
    skipped: paint.dim,
    absent: paint.dim,
  }
  const { rows, scenarios } = matrix
  const nameWidth = Math.max(...rows.map(({ name }) => name.length), 0)
  const signs = (row: MatrixRow) =>
    scenarios.map(({ name }) => {
      const kind = kindOfCell(cellOf(row, name))
      return paints[kind](SIGNS[kind] || '·')
    })
  const numbers = scenarios
    .map((_, i) => String(i + 1).padEnd(2))
    .join(' ')
    .trimEnd()
  const differing = rows.flatMap(differenceLines)
  const problems = rows.flatMap(({ name, problem }) =>
    problem === undefined ? [] : [`${name}: ${problem}`],
  )
  const block = (head: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [head, ...lines.flatMap((line) => wrapHanging('  ', line, width)), '']
  return [
    `  ${' '.repeat(nameWidth)}  ${paint.dim(numbers)}`,
    ...rows.map((row) => `  ${row.name.padEnd(nameWidth)}  ${signs(row).join('  ')}`),
    '',
    ...wrapHanging('  ', scenarios.map(({ name }, i) => `${i + 1} ${name}`).join(', '), width),
    '',
    ...rows.flatMap((row) => (row.problem === undefined ? [figureLine(row, nameWidth)] : [])),
    '',
    ...block('Not as expected', differing),
    ...block('Not played', problems),
    ...block('Not explained (why, confirmed)', unexplained(rows)),
    `${matrixTally(matrix)}. Took ${spanText(matrix.realMs)}.`,
    '',
  ].join('\n')
}

/** A new row, of which nothing is expected yet, has a single line. */
function differenceLines({ name, cells }: MatrixRow): string[] {
  const isNew = cells.length > 0 && cells.every(({ expected }) => expected === undefined)
  const lines = cells.flatMap(({ scenario, differences }) =>
    differences
      .filter(({ kind }) => !isNew || kind !== 'expected')
      .map(({ text }) => `${name}, ${scenario}: ${text}`),
  )
  return isNew
    ? [`${name}: nothing is expected yet; --update writes what was found`, ...lines]
    : lines
}

function figureLine(row: MatrixRow, nameWidth: number): string {
  const { lines, requests, bytes, recovery, speed } = rowFigures(row)
  const figures = [
    `${lines} lines`,
    `${requests} requests and ${bytes} per write`,
    `recovers within ${recovery}`,
    `${speed} runs/s`,
  ]
  return `  ${row.name.padEnd(nameWidth)}  ${figures.join(' · ')}`
}

function unexplained(rows: readonly MatrixRow[]): string[] {
  return rows.flatMap(({ name, cells }) =>
    cells
      .filter(({ expected, why, confirmed }) => isFailure(expected) && !(why && confirmed))
      .map(({ scenario }) => `${name}, ${scenario}`),
  )
}
