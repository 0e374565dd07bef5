import type { EventOf } from '../core/event.ts'
import { groupBy } from '../core/group.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation } from '../core/operation.ts'
import { spanText } from '../core/time.ts'
import { judgement } from './reading/judgement.ts'
import { codeOf, times } from './reading/wording.ts'

type Freeze = EventOf<'freeze'>

/**
 * Reports each incarnation that the harness saw spin or leave a question unanswered, once: whatever
 * follows is a consequence. An app that freezes in the same way at each start is one finding.
 */
export default {
  id: 'NO-FREEZE',
  promise: 'Neither the app nor the server spins or stops answering.',
  needs: () => undefined,
  check(history) {
    const freezes = [
      ...groupBy(
        history.of('freeze'),
        ({ node, incarnation }) => `${incarnation} ${node}`,
      ).values(),
    ].flatMap(([first]) => (first ? [first] : []))
    const alike = groupBy(freezes, ({ node, doing, sign }) => JSON.stringify([node, doing, sign]))
    const findings = [...alike.values()].map((same) => frozen(history, same))
    return judgement(Math.max(history.of('start').length, freezes.length), findings)
  },
} satisfies Invariant

function frozen(history: History, freezes: readonly Freeze[]): Finding {
  const { node, doing, since, sign, opId } = freezes[0] as Freeze
  const who = codeOf(node)
  const operation = history.operation(opId)
  const after = operation ? `; the last action before was ${describeOperation(operation)}` : ''
  const repeated = freezes.length > 1 ? ` (${times(freezes.length)} in all)` : ''
  return {
    message: `${who} hung in ${doing} from ${spanText(since)} on: ${sign}${repeated}${after}`,
    opIds: operation ? [operation.opId] : [],
    evidence: freezes.map(({ seq }) => seq),
  }
}
