import type { History } from './history.ts'
import type { RunResult, ScenarioResult } from './result.ts'

/** Everything a report is made from. */
export interface ReportInput {
  readonly run: RunResult
  historyOf(result: ScenarioResult): History
}

/** One report format: a pure function from the results to a file's text. The default export of a file in reports/. */
export interface ReportFormat {
  /** As in `--reporter NAME`. */
  readonly name: string
  /** One line for --help. */
  readonly title: string
  /** The file's name in the run folder; a format without one is printed. */
  readonly file?: string
  render(
    input: ReportInput,
    options?: { readonly color?: boolean; readonly width?: number },
  ): string
}
