import type { EventOf } from '../core/event.ts'
import { groupBy } from '../core/group.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { effectsOf } from './reading/effects.ts'
import { areOfOneDump } from './reading/holdings.ts'
import { evidence, judgement } from './reading/judgement.ts'

/**
 * Ignores messages that never took effect: a rejected message does not block later ones. Messages
 * that were found in the same dump have the order in which the server received them.
 */
export default {
  id: 'FIFO',
  promise: 'The messages one device sends into a conversation arrive in the order they were sent.',
  needs: ({ ordered }) => (ordered ? undefined : 'the client does not promise an order'),
  check(history) {
    const findings: Finding[] = []
    let undecided: string | undefined
    const arrivals = history.operations.flatMap((operation) => arrivalOf(operation) ?? [])
    for (const queue of groupBy(arrivals, queueName).values()) {
      queue.sort((a, b) => savingOf(a.operation).seq - savingOf(b.operation).seq)
      let newest = queue[0]
      for (const next of queue.slice(1)) {
        if (!newest) continue
        const isLater = next.effect.position > newest.effect.position
        if (areOfOneDump(history, newest.effect, next.effect)) {
          if (!isReceivedInOrder(newest, next)) undecided ??= unknownOrder(newest, next)
        } else if (!isLater) findings.push(overtaken(newest, next))
        if (isLater) newest = next
      }
    }
    return judgement(arrivals.length, findings, undecided)
  },
} satisfies Invariant

/** A message of a conversation, with its first effect on the server. */
interface Arrival {
  readonly operation: Operation
  readonly conversation: string
  readonly effect: EventOf<'serverCommit'>
}

function arrivalOf(operation: Operation): Arrival | undefined {
  const { action } = operation
  const conversation = action.type === 'create' ? action.content.conversation : undefined
  const effect = effectsOf(operation)[0]
  return typeof conversation === 'string' && effect
    ? { operation, conversation, effect }
    : undefined
}

const queueName = ({ operation, conversation, effect }: Arrival) =>
  JSON.stringify([operation.device, conversation, effect.epoch])

const savingOf = ({ localCommit, invoke }: Operation) => localCommit ?? invoke

/** Returns true if the server received the first message before the second. */
function isReceivedInOrder(first: Arrival, second: Arrival): boolean {
  const [one, two] = [first.operation, second.operation]
  const [before, after] = [one, two].map(({ requests }) => requests.find((trip) => trip.received))
  if (!before?.received || !after?.received) return false
  if (before !== after) return before.received.seq < after.received.seq
  const { opIds } = before.request
  return opIds.indexOf(one.opId) < opIds.indexOf(two.opId)
}

function unknownOrder({ operation: first }: Arrival, { operation: second }: Arrival): string {
  return `which came first on the server, ${describeOperation(first)} or ${describeOperation(second)}, cannot be told: the server shows no order`
}

function overtaken(first: Arrival, second: Arrival): Finding {
  const [one, two] = [first.operation, second.operation]
  return {
    message: `${describeOperation(two)} was sent after ${describeOperation(one)} and arrived before it`,
    opIds: [...new Set([one.opId, two.opId])],
    evidence: evidence(savingOf(one), savingOf(two), second.effect, first.effect),
  }
}
