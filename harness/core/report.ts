import type { History } from './history.ts'
import type { RunResult, ScenarioResult } from './result.ts'

/** The result of a scenario's run, and the history that was judged. */
export interface ReportEntry {
  readonly result: ScenarioResult
  readonly history: History
}

/** The input of every report. */
export interface ReportInput {
  readonly run: RunResult
  /** The results of `run` in the same order, each with its history. */
  readonly entries: readonly ReportEntry[]
}

/** Options for printed reports. */
export interface ReportOptions {
  /** Default: no colours. */
  readonly color?: boolean
  /** Columns of the terminal. Default: 100. */
  readonly width?: number
}

/**
 * A report format: a pure function from the results to a text. The default export of a file in
 * reports/, which the command line discovers.
 *
 * @example
 * ```ts
 * const markdown: ReportFormat = {
 *   name: 'markdown',
 *   title: 'report.md: a table for a pull request',
 *   file: 'report.md',
 *   render: ({ run }) =>
 *     run.results.map(({ title, verdict }) => `| ${title} | ${verdict} |`).join('\n'),
 * }
 * ```
 */
export interface ReportFormat {
  /** The name for `--reporter NAME`. */
  readonly name: string
  /** A line for --help. */
  readonly title: string
  /** The file's name in the run folder; a format without one is printed. */
  readonly file?: string
  render(input: ReportInput, options?: ReportOptions): string
}
