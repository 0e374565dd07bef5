import type { ReportFormat } from '../../core/report.ts'
import type { RunResult } from '../../core/result.ts'
import type { Io } from '../io.ts'
import type { JudgedJob } from './play-jobs.ts'
import { shownPath, write, writeResult } from './run-folder.ts'

interface Reports {
  readonly io: Io
  readonly folder: string
  readonly run: RunResult
  readonly judged: readonly JudgedJob[]
  readonly formats: readonly ReportFormat[]
}

/**
 * Writes result.json, which a replay reads, in any case; then the reports that are files; then
 * prints the other reports, and last the path of the page or of the folder.
 */
export function writeReports({ io, folder, run, judged, formats }: Reports): void {
  writeResult(folder, run)
  const files: string[] = []
  const printed: string[] = []
  for (const format of formats) {
    const options =
      format.file === undefined
        ? { color: io.color, ...(io.width !== undefined && { width: io.width }) }
        : undefined
    const text = format.render({ run, entries: judged }, options)
    if (format.file === undefined) printed.push(text)
    else files.push(write(folder, format.file, text))
  }
  for (const text of printed) io.out(`\n${text.endsWith('\n') ? text : `${text}\n`}`)
  const page = files.find((file) => file.endsWith('.html'))
  io.out(`Report: ${shownPath(page ?? folder, io.cwd)}\n`)
}
