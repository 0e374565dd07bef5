import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { InvariantResult } from '../core/result.ts'

/**
 * Returns why no finding of this history can be trusted, one reason for each place: in the sim,
 * code under test that does not use the ports runs in another time than everything else.
 */
export function bypasses(history: History): string[] {
  return history.of('bypass').map(bypassText)
}

const bypassText = ({ node, global, frame, port }: EventOf<'bypass'>) =>
  `${appOf(node)} uses ${global} at ${frame}, where the sim cannot follow: use ${port}`

/** Returns a result without its findings, since they may be a consequence of {@link bypasses}. */
export function withoutFindings(result: InvariantResult): InvariantResult {
  if (result.verdict !== 'fail') return result
  const why = 'its findings may come from a global where a port would be right'
  return { ...result, verdict: 'unknown', why, findings: [] }
}

const appOf = (node: string) => (node === 'server' ? 'the server' : `${node}'s app`)
