/**
 * A self-contained page: what happened, as lanes and arrows, the outcome of each action, and the
 * evidence of each finding.
 *
 * @module
 */
import type { ReportFormat } from '../harness/core/report.ts'
import { renderPage } from './viewer/page.tsx'

const html: ReportFormat = {
  name: 'html',
  title: 'report.html: one self-contained page',
  file: 'report.html',
  render: renderPage,
}

export default html
