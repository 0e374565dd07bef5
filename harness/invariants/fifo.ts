import { groupBy } from '../core/group.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describe, type Operation } from '../core/operation.ts'
import { effectsOf } from './reading/effects.ts'
import { evidence } from './reading/words.ts'

/** What never took effect holds nobody up: a parked message may be overtaken. */
export default {
  id: 'FIFO',
  promise: 'The messages one device sends into a conversation arrive in the order they were sent.',
  needs: ({ ordered }) => (ordered ? undefined : 'the client does not promise an order'),
  check(history) {
    const sent = history.operations.flatMap((operation) => {
      const conversation = conversationOf(operation)
      const first = effectsOf(operation)[0]
      return conversation === undefined || !first ? [] : [{ operation, first, conversation }]
    })
    const findings: Finding[] = []
    for (const line of groupBy(sent, (one) =>
      JSON.stringify([one.operation.device, one.conversation, one.first.epoch]),
    ).values()) {
      line.sort((a, b) => savedAt(a.operation) - savedAt(b.operation))
      let front = line[0]
      for (const next of line.slice(1)) {
        if (!front || next.first.position > front.first.position) {
          front = next
          continue
        }
        findings.push({
          message: `${describe(next.operation)} was sent after ${describe(front.operation)} and arrived before it`,
          ops: [...new Set([front.operation.op, next.operation.op])],
          evidence: evidence(
            saving(front.operation),
            saving(next.operation),
            next.first,
            front.first,
          ),
        })
      }
    }
    return { judged: sent.length, findings }
  },
} satisfies Invariant

function conversationOf({ action }: Operation): string | undefined {
  const conversation = action.type === 'create' ? action.content.conversation : undefined
  return typeof conversation === 'string' ? conversation : undefined
}

const saving = ({ localCommit, invoke }: Operation) => localCommit ?? invoke
const savedAt = (operation: Operation) => saving(operation).seq
