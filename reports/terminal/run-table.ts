import Table from 'cli-table3'
import type { RunResult, ScenarioResult } from '../../harness/core/result.ts'
import { spanText } from '../../harness/core/time.ts'
import { runTitles } from '../words/run-title.ts'
import { findingCount, VERDICT_TEXT } from '../words/verdicts.ts'
import { type Paint, verdictPaint } from './paint.ts'

const COLUMN_TITLES = ['scenario', 'world', 'verdict', 'findings', 'time']
const VERDICT_COLUMN = 2
const CELL_PADDING = 2

/** Draws a row per result. The titles of the scenarios are cut if the table would not fit. */
export function runTable(run: RunResult, columns: number, paint: Paint): string {
  const titleOf = titleWriter(run)
  const rows = run.results.map((result) => [
    titleOf(result),
    result.world,
    VERDICT_TEXT[result.verdict],
    findingCount(result) === 0 ? '–' : String(findingCount(result)),
    spanText(result.realMs),
  ])
  const table = new Table({
    head: COLUMN_TITLES.map((title) => paint.dim(title)),
    colWidths: columnWidths(rows, columns),
    colAligns: ['left', 'left', 'left', 'right', 'right'],
    // By default the library colours head and border even if the output goes into a pipe.
    style: { head: [], border: [] },
    chars: NO_BORDERS,
  })
  for (const [i, row] of rows.entries()) {
    const verdict = run.results[i]?.verdict ?? 'unknown'
    const paintVerdict = verdictPaint(verdict, paint)
    table.push(row.map((cell, column) => (column === VERDICT_COLUMN ? paintVerdict(cell) : cell)))
  }
  return table
    .toString()
    .split('\n')
    .map((line) => ` ${line}`.trimEnd())
    .join('\n')
}

/** Adds client, server and seed to the titles only if the run has several of them. */
function titleWriter(run: RunResult): (result: ScenarioResult) => string {
  const settings = new Set(run.results.map(({ client, server }) => `${client} ${server}`))
  const titleOf = runTitles(run)
  return settings.size > 1
    ? (result) => `${titleOf(result)} · ${result.client} on ${result.server}`
    : titleOf
}

function columnWidths(rows: readonly string[][], columns: number): number[] {
  const [titleWidth = 0, ...otherWidths] = COLUMN_TITLES.map((title, i) => {
    const lengths = rows.map((row) => [...(row[i] ?? '')].length)
    return Math.max(title.length, ...lengths) + CELL_PADDING
  })
  const separators = COLUMN_TITLES.length + 1
  const used = otherWidths.reduce((sum, width) => sum + width, 0) + separators
  return [Math.min(titleWidth, columns - used), ...otherWidths]
}

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
}
