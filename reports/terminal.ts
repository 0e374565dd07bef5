/**
 * The report that is printed after a run: a table, then each failure from its story to the command
 * that replays it.
 *
 * @module
 */
import colors from 'picocolors'
import type { ReportFormat, ReportInput, ReportOptions } from '../harness/core/report.ts'
import type { InvariantResult, RunResult, ScenarioResult } from '../harness/core/result.ts'
import { spanText } from '../harness/core/time.ts'
import { type Paint, verdictPaint } from './terminal/paint.ts'
import { runTable } from './terminal/run-table.ts'
import { type EvidencePrinter, evidencePrinter } from './words/evidence.ts'
import { sanitizeInput } from './words/sanitize.ts'
import { countText, truncate } from './words/text.ts'
import {
  figureLines,
  holdingsLines,
  idleInvariantsText,
  reasonsUnknown,
  skippedLines,
  tally,
  VERDICT_TEXT,
} from './words/verdicts.ts'
import { wrap, wrapHanging } from './words/wrap.ts'

const terminal: ReportFormat = {
  name: 'terminal',
  title: 'the table and the failures, printed',
  render,
}

const COLUMNS_MIN = 80
const COLUMNS_MAX = 120

/** The width and the colours of a part of the report. */
interface Canvas {
  readonly columns: number
  readonly paint: Paint
}

function render(input: ReportInput, { color = false, width = 100 }: ReportOptions = {}): string {
  const { run, entries } = sanitizeInput(input)
  const columns = Math.min(COLUMNS_MAX, Math.max(COLUMNS_MIN, width))
  const canvas = { columns, paint: colors.createColors(color) }
  const { paint } = canvas
  const failures = entries
    .filter(({ result }) => result.verdict === 'fail')
    .flatMap(({ result, history }) => failureLines(result, evidencePrinter(history), canvas))
  const undecided = run.results
    .filter(({ verdict }) => verdict === 'unknown')
    .flatMap((result) => undecidedLines(result, canvas))
  const idle = idleInvariantsText(run)
  return [
    ...worldLines(run, columns),
    ...holdingsLines(run).flatMap((line) => wrapHanging('  ', line, columns)),
    '',
    runTable(run, columns, paint),
    '',
    ...failures,
    ...undecided,
    ...dimBlock('  ', figureLines(run), canvas),
    ...dimBlock('  skipped  ', skippedLines(run), canvas),
    ...dimBlock('  ', idle === undefined ? [] : [idle], canvas),
    `${verdictPaint(run.verdict, paint)(tally(run))}. Took ${spanText(run.realMs)}.`,
    '',
  ].join('\n')
}

function worldLines(run: RunResult, columns: number): string[] {
  const nameWidth = Math.max(0, ...Object.keys(run.worlds).map((world) => world.length))
  return Object.entries(run.worlds).flatMap(([world, about]) =>
    wrapHanging(`  ${world.padEnd(nameWidth)}  `, about, columns),
  )
}

/** Returns the texts, dimmed, with an empty line at the end; no lines without texts. */
function dimBlock(head: string, texts: readonly string[], { columns, paint }: Canvas): string[] {
  if (texts.length === 0) return []
  return [...texts.flatMap((text) => wrapHanging(head, text, columns)).map(paint.dim), '']
}

function failureLines(
  result: ScenarioResult,
  printEvidence: EvidencePrinter,
  canvas: Canvas,
): string[] {
  const { columns, paint } = canvas
  const broken = result.invariants.filter(({ findings }) => findings.length > 0)
  return [
    titleLine(result, canvas),
    ...wrap(result.story, columns - 2).map((line) => paint.dim(`  ${line}`)),
    '',
    ...broken.flatMap((invariant) => findingLines(invariant, printEvidence, canvas)),
    replayLine(result, paint),
    '',
  ]
}

function findingLines(
  { id, promise, findings }: InvariantResult,
  printEvidence: EvidencePrinter,
  { columns, paint }: Canvas,
): string[] {
  return [
    `  ${paint.red(id)}  ${paint.dim(truncate(promise, columns - id.length - 4))}`,
    ...findings.flatMap(({ message, evidence }) => [
      ...wrapHanging('    ', message, columns),
      ...printEvidence(evidence, columns - 6).map((line) => paint.dim(`      ${line}`)),
    ]),
    '',
  ]
}

const REASONS_MAX = 6

function undecidedLines(result: ScenarioResult, canvas: Canvas): string[] {
  const reasons = reasonsUnknown(result)
  const more = reasons.length - REASONS_MAX
  return [
    titleLine(result, canvas),
    ...reasons.slice(0, REASONS_MAX).flatMap((why) => wrapHanging('    ', why, canvas.columns)),
    ...(more > 0 ? [`    and ${countText(more, 'more reason')}`] : []),
    replayLine(result, canvas.paint),
    '',
  ]
}

/** The columns that are always left for the setting, which follows the title. */
const SETTING_COLUMNS_MIN = 24

function titleLine(result: ScenarioResult, { columns, paint }: Canvas): string {
  const verdict = VERDICT_TEXT[result.verdict]
  const title = truncate(result.title, columns - verdict.length - SETTING_COLUMNS_MIN)
  const setting = `${result.world} · ${result.client} on ${result.server} · seed ${result.seed}`
  const columnsLeft = columns - verdict.length - [...title].length - 4
  return [
    verdictPaint(result.verdict, paint)(verdict),
    paint.bold(title),
    paint.dim(truncate(setting, columnsLeft)),
  ].join('  ')
}

function replayLine({ replay }: ScenarioResult, paint: Paint): string {
  return `  replay  ${paint.cyan(replay)}`
}

export default terminal
