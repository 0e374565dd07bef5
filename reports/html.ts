import type { ReportFormat } from '../harness/core/report.ts'
import { renderPage } from './viewer/page.tsx'

/** One self-contained page: what happened as lanes and arrows, what became of each action, and what proves each finding. */
const html: ReportFormat = {
  name: 'html',
  title: 'report.html: one page to look at, self-contained',
  file: 'report.html',
  render: renderPage,
}

export default html
