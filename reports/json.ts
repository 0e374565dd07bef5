/**
 * The whole result as data. The schema is published in reports/schema/result.schema.json.
 *
 * @module
 */
import type { ReportFormat, ReportInput } from '../harness/core/report.ts'

const json: ReportFormat = {
  name: 'json',
  title: 'result.json: everything as data',
  file: 'result.json',
  render,
}

/** JSON.stringify escapes lone surrogates, so the file is valid UTF-8 in any case. */
function render({ run }: ReportInput): string {
  return `${JSON.stringify(run, null, 2)}\n`
}

export default json
