/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { Verdict } from '../../harness/core/verdict.ts'
import { VERDICT_TEXT } from '../words/verdicts.ts'

export function VerdictMark({ verdict }: { verdict: Verdict }) {
  return <span class={`verdict ${verdict}`}>{VERDICT_TEXT[verdict]}</span>
}
