import { Problem } from '../../core/problem.ts'
import type { ReportFormat } from '../../core/report.ts'
import { catalog } from './catalog.ts'
import { unknownName } from './nearest.ts'

/** What `--reporter` means: names parted by commas; left out, every format there is. */
export async function pickFormats(given: string | undefined): Promise<ReportFormat[]> {
  const formats = await catalog.formats()
  if (given === undefined) return formats
  const names = formats.map(({ name }) => name)
  return given.split(',').map((part) => {
    const format = formats.find(({ name }) => name === part.trim())
    if (!format) throw new Problem(`--reporter: ${unknownName('reporter', part.trim(), names)}`)
    return format
  })
}
