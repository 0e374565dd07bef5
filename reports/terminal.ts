import Table from 'cli-table3'
import colors from 'picocolors'
import type { ReportFormat, ReportInput } from '../harness/core/report.ts'
import type { RunResult, ScenarioResult } from '../harness/core/result.ts'
import { spanText } from '../harness/core/time.ts'
import type { Verdict } from '../harness/core/verdict.ts'
import { counted, cut } from './words/count.ts'
import { evidenceLines } from './words/evidence.ts'
import { sanitizeData } from './words/sanitize.ts'
import { findingCount, neverJudged, skippedLines, tally, whyUnknown } from './words/verdicts.ts'
import { wrap, wrapHanging } from './words/wrap.ts'

type Paint = ReturnType<typeof colors.createColors>

const SIGN: Readonly<Record<Verdict, string>> = {
  pass: '✓ pass',
  fail: '✗ fail',
  unknown: '? unknown',
}

/** What a person reads after a run: a table, then each failure told from its story to the command that replays it. */
const terminal: ReportFormat = {
  name: 'terminal',
  title: 'the table and the failures, printed',
  render: (input, { color = false, width = 100 } = {}) => {
    const paint = colors.createColors(color)
    const columns = Math.min(120, Math.max(80, width))
    const run = sanitizeData(input.run)
    const failures = run.results.flatMap((result, i) =>
      result.verdict === 'fail' ? failure(result, i, input, columns, paint) : [],
    )
    const undecided = run.results
      .filter(({ verdict }) => verdict === 'unknown')
      .flatMap((result) => unknown(result, columns, paint))
    const skipped = skippedLines(run).flatMap((line) => wrapHanging('  skipped  ', line, columns))
    const idle = neverJudged(run)
    return [
      ...worlds(run, columns),
      '',
      table(run, columns, paint),
      '',
      ...failures,
      ...undecided,
      ...(skipped.length > 0 ? [...skipped.map(paint.dim), ''] : []),
      ...(idle === undefined ? [] : [...wrapHanging('  ', idle, columns).map(paint.dim), '']),
      `${tone(run.verdict, paint)(tally(run))}. Took ${spanText(run.realMs)}.`,
      '',
    ].join('\n')
  },
}

function tone(verdict: Verdict, paint: Paint): (text: string) => string {
  return { pass: paint.green, fail: paint.red, unknown: paint.yellow }[verdict]
}

function worlds(run: RunResult, columns: number): string[] {
  const longest = Math.max(0, ...Object.keys(run.worlds).map((world) => world.length))
  return Object.entries(run.worlds).flatMap(([world, about]) =>
    wrapHanging(`  ${world.padEnd(longest)}  `, about, columns),
  )
}

function table(run: RunResult, columns: number, paint: Paint): string {
  const clients = new Set(run.results.map(({ client, server }) => `${client} ${server}`))
  const named = (result: ScenarioResult) =>
    clients.size > 1 ? `${result.title} · ${result.client} on ${result.server}` : result.title
  const rows = run.results.map((result) => [
    named(result),
    result.world,
    SIGN[result.verdict],
    findingCount(result) === 0 ? '–' : String(findingCount(result)),
    spanText(result.realMs),
  ])
  const head = ['scenario', 'world', 'verdict', 'findings', 'time']
  const widths = head.map(
    (title, i) => Math.max(title.length, ...rows.map((row) => [...(row[i] ?? '')].length)) + 2,
  )
  const others = widths.slice(1).reduce((sum, width) => sum + width, 0)
  const first = Math.min(widths[0] ?? 0, columns - others - head.length - 1)
  // Its default styles colour even what goes into a pipe.
  const drawn = new Table({
    head: head.map((title) => paint.dim(title)),
    colWidths: [first, ...widths.slice(1)],
    colAligns: ['left', 'left', 'left', 'right', 'right'],
    style: { head: [], border: [] },
    chars: {
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
    },
  })
  for (const [i, row] of rows.entries()) {
    const verdict = run.results[i]?.verdict ?? 'unknown'
    drawn.push(row.map((cell, column) => (column === 2 ? tone(verdict, paint)(cell) : cell)))
  }
  return drawn
    .toString()
    .split('\n')
    .map((line) => ` ${line}`.trimEnd())
    .join('\n')
}

function title(result: ScenarioResult, columns: number, paint: Paint): string {
  const sign = SIGN[result.verdict]
  const name = cut(result.title, columns - sign.length - 24)
  const setting = `${result.world} · ${result.client} on ${result.server} · seed ${result.seed}`
  const room = columns - sign.length - [...name].length - 4
  return `${tone(result.verdict, paint)(sign)}  ${paint.bold(name)}  ${paint.dim(cut(setting, room))}`
}

function failure(
  result: ScenarioResult,
  i: number,
  input: ReportInput,
  columns: number,
  paint: Paint,
): string[] {
  const asPlayed = input.run.results[i]
  const told = asPlayed ? evidenceLines(input.historyOf(asPlayed)) : () => []
  const broken = result.invariants.filter(({ findings }) => findings.length > 0)
  return [
    title(result, columns, paint),
    ...wrap(result.story, columns - 2).map((line) => paint.dim(`  ${line}`)),
    '',
    ...broken.flatMap(({ id, promise, findings }) => [
      `  ${paint.red(id)}  ${paint.dim(cut(promise, columns - id.length - 4))}`,
      ...findings.flatMap((finding) => [
        ...wrapHanging('    ', finding.message, columns),
        ...told(finding.evidence, columns - 6).map((line) => paint.dim(`      ${line}`)),
      ]),
      '',
    ]),
    `  replay  ${paint.cyan(result.replay)}`,
    '',
  ]
}

function unknown(result: ScenarioResult, columns: number, paint: Paint): string[] {
  const reasons = whyUnknown(result)
  const told = reasons.slice(0, 6)
  return [
    title(result, columns, paint),
    ...told.flatMap((why) => wrapHanging('    ', why, columns)),
    ...(reasons.length > told.length
      ? [`    and ${counted(reasons.length - told.length, 'more reason')}`]
      : []),
    `  replay  ${paint.cyan(result.replay)}`,
    '',
  ]
}

export default terminal
