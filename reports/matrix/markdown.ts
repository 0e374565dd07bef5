import { type Matrix, type MatrixRow, shownOutcome } from '../../harness/core/matrix.ts'
import { sanitizeData } from '../words/sanitize.ts'
import { wrap, wrapHanging } from '../words/wrap.ts'
import {
  brokenText,
  cellOf,
  cellsToExplain,
  FIGURES,
  kindOfCell,
  matrixTally,
  rowFigures,
  SIGNS,
  whereText,
} from './matrix-words.ts'

/** Renders the matrix as Markdown: a table of signs, the figures, and each cell that fails. */
export function matrixMarkdown(input: Matrix): string {
  const matrix = sanitizeData(input)
  const { rows, scenarios } = matrix
  const numbers = scenarios.map((_, i) => String(i + 1))
  const signs = rows.map((row) => [
    rowTitle(row),
    ...scenarios.map(({ name }) => SIGNS[kindOfCell(cellOf(row, name))]),
  ])
  const figures = rows.map((row) => [rowTitle(row), row.backend, ...Object.values(rowFigures(row))])
  const failing = rows.flatMap((row) => cellsToExplain(row).map((cell) => explained(row, cell)))
  return [
    ...wrap(`${matrixTally(matrix)}.`, COLUMNS),
    '',
    ...table(['library', ...numbers], signs),
    '',
    ...wrap(`${SIGN_LEGEND} ${legend(matrix)}`, COLUMNS),
    '',
    ...table(['library', 'server', ...Object.values(FIGURES).map(([head]) => head)], figures),
    '',
    ...Object.values(FIGURES).flatMap(([head, text]) => item(`${head}: ${text}`)),
    '',
    ...(failing.length > 0
      ? table(['library', 'scenario', 'fails', 'first finding', 'why', 'confirmed by'], failing)
      : []),
    ...problems(rows),
    '',
  ].join('\n')
}

const COLUMNS = 100
const { pass, fail, unknown, skipped } = SIGNS
const SIGN_LEGEND = `${pass} passes, ${fail} fails, ${unknown} undecided, ${skipped} skipped.`

const item = (text: string) => wrapHanging('- ', text, COLUMNS)

function rowTitle({ title, version }: MatrixRow): string {
  return version === undefined ? title : `${title} (${version})`
}

const legend = ({ scenarios }: Matrix) =>
  `${scenarios.map(({ name }, i) => `${i + 1} ${name}`).join(', ')}.`

function explained(row: MatrixRow, cell: MatrixRow['cells'][number]): string[] {
  const outcome = shownOutcome(cell)
  const where = whereText(cell)
  const verdict = brokenText(cell) || (outcome?.verdict === 'unknown' ? 'undecided' : 'differs')
  return [
    rowTitle(row),
    cell.scenario,
    where === '' ? verdict : `${verdict} (${where})`,
    [outcome?.finding ?? outcome?.why ?? '', ...cell.differences.map(({ text }) => text)]

      .filter(Boolean)
      .join('; '),
    cell.why ?? '',
    cell.confirmed ?? '',
  ]
}

function problems(rows: readonly MatrixRow[]): string[] {
  const lines = rows.flatMap((row) =>
    row.problem === undefined ? [] : item(escapeMarkdown(`${row.name}: ${row.problem}`)),
  )
  return lines.length > 0 ? ['', 'Not played:', '', ...lines] : []
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)]
}

const escapeMarkdown = (text: string) => text.replace(/[\\`*_[\]<>|]/g, '\\$&')
