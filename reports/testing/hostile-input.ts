import { History } from '../../harness/core/history.ts'
import type { ReportInput } from '../../harness/core/report.ts'
import { attacked } from './run.ts'
import { HOSTILE } from './stories.ts'

/** The attacked run with `text` in every place where its history or its result has a free text. */
export function inputWith(text: string): ReportInput {
  const { run, entries } = attacked()
  const replaced = entries.map(({ result, history }) => ({
    result: {
      ...result,
      title: text,
      story: text,
      why: text,
      invariants: result.invariants.map((invariant) => ({
        ...invariant,
        findings: invariant.findings.map((finding) => ({ ...finding, message: text })),
      })),
    },
    history: historyWith(history, text),
  }))
  return {
    run: {
      ...run,
      worlds: { sim: text },
      results: replaced.map(({ result }) => result),
      skipped: [{ scenario: 'x', title: text, world: 'sim', why: text }],
    },
    entries: replaced,
  }
}

function historyWith({ head, all }: History, text: string): History {
  const replace = (_: string, value: unknown) =>
    typeof value === 'string' ? value.replaceAll(HOSTILE, () => text) : value
  return new History(
    head,
    all.map((event) => JSON.parse(JSON.stringify(event), replace)),
  )
}
