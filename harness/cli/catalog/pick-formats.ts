import { Problem } from '../../core/problem.ts'
import type { ReportFormat } from '../../core/report.ts'
import { catalog } from './catalog.ts'
import { unknownName } from './nearest.ts'

/** Reads `--reporter`: names separated by commas. Default: every format. */
export async function pickFormats(argument: string | undefined): Promise<ReportFormat[]> {
  const formats = await catalog.formats()
  if (argument === undefined) return formats
  const names = formats.map(({ name }) => name)
  return argument.split(',').map((part) => {
    const format = formats.find(({ name }) => name === part.trim())
    if (!format) throw new Problem(`--reporter: ${unknownName('reporter', part.trim(), names)}`)
    return format
  })
}
