import type { ReportFormat, ReportInput } from '../../harness/core/report.ts'
import { sanitizeInput } from '../words/sanitize.ts'
import { tally } from '../words/verdicts.ts'

const markdown: ReportFormat = {
  name: 'markdown',
  title: 'report.md: a table for a pull request',
  file: 'report.md',
  render,
}

function render(input: ReportInput): string {
  const { run } = sanitizeInput(input)
  const rows = run.results.map(
    ({ title, world, verdict }) => `| ${escapeMarkdown(title)} | ${world} | ${verdict} |`,
  )
  const head = [`${tally(run)}.`, '', '| scenario | world | verdict |', '|---|---|---|']
  return [...head, ...rows, ''].join('\n')
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|]/g, '\\$&')
}

export default markdown
