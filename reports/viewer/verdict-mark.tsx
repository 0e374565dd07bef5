/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { Verdict } from '../../harness/core/verdict.ts'

const WORD: Readonly<Record<Verdict, string>> = {
  pass: '✓ pass',
  fail: '✗ fail',
  unknown: '? unknown',
}

export function VerdictMark({ verdict }: { verdict: Verdict }) {
  return <span class={`verdict ${verdict}`}>{WORD[verdict]}</span>
}
