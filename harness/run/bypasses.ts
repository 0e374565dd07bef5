import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import { codeOf } from '../invariants/reading/wording.ts'

/**
 * Returns why no finding of this history can be trusted, one reason for each place: in the sim,
 * code under test that does not use the ports runs in another time than everything else.
 */
export function bypasses(history: History): string[] {
  return history.of('bypass').map(bypassText)
}

const bypassText = ({ node, global, frame, port }: EventOf<'bypass'>) =>
  `${codeOf(node)} uses ${global} at ${frame}, where the sim cannot follow: use ${port}`
