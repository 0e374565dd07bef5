import type { ReportFormat } from '../harness/core/report.ts'

/** The whole result as data. Its schema is published in reports/schema/result.schema.json. */
const json: ReportFormat = {
  name: 'json',
  title: 'result.json: everything as data',
  file: 'result.json',
  // JSON.stringify spells lone surrogates as escapes, so the file is valid UTF-8 whatever the messages hold.
  render: ({ run }) => `${JSON.stringify(run, null, 2)}\n`,
}

export default json
