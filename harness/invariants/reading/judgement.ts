import type { Finding, Judgement } from '../../core/invariant.ts'
import { sorted } from './sorted-numbers.ts'

/** Makes a {@link Judgement}. Pass `undecided`, the reason, only if something was undecided. */
export function judgement(
  judged: number,
  findings: readonly Finding[],
  undecided?: string,
): Judgement {
  return { judged, findings, ...(undecided !== undefined && { undecided }) }
}

/** The evidence of a finding: the `seq` of these events, sorted, each once. Skips undefined. */
export function evidence(...events: readonly ({ readonly seq: number } | undefined)[]): number[] {
  return sorted(new Set(events.flatMap((event) => (event ? [event.seq] : []))))
}
