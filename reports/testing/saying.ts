import { History } from '../../harness/core/history.ts'
import type { ReportInput } from '../../harness/core/report.ts'
import type { ScenarioResult } from '../../harness/core/result.ts'
import { attacked } from './run.ts'
import { HOSTILE } from './stories.ts'

/** The attacked run with one text in every place where its history or its result has one. */
export function saying(text: string): ReportInput {
  const { run, historyOf } = attacked()
  const first = run.results[0] as ScenarioResult
  const old = historyOf(first)
  const history = new History(
    old.head,
    old.all.map((event) =>
      JSON.parse(JSON.stringify(event), (_, value) =>
        typeof value === 'string' ? value.replaceAll(HOSTILE, () => text) : value,
      ),
    ),
  )
  const invariants = first.invariants.map((judged) => ({
    ...judged,
    findings: judged.findings.map((finding) => ({ ...finding, message: text })),
  }))
  const result = { ...first, title: text, story: text, why: text, invariants }
  return {
    run: {
      ...run,
      worlds: { sim: text },
      results: [result],
      skipped: [{ scenario: 'x', title: text, world: 'sim', why: text }],
    },
    historyOf: () => history,
  }
}
