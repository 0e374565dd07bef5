import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { evidence, judgement } from './reading/judgement.ts'

export default {
  id: 'KEY-STABLE',
  promise: 'Every attempt at one operation carries the same idempotency key, after restarts too.',
  needs: () => undefined,
  check(history) {
    const keyed = history.operations.filter(({ keys }) => keys.length > 0)
    const findings = keyed.filter(({ keys }) => keys.length > 1).map(severalKeys)
    return judgement(keyed.length, findings)
  },
} satisfies Invariant

function severalKeys(operation: Operation): Finding {
  const { opId, keys } = operation
  return {
    message: `${describeOperation(operation)} went under ${keys.length} idempotency keys (${keys.join(', ')}): the server cannot know that they are one`,
    opIds: [opId],
    evidence: evidence(...keys.map((key) => firstMention(operation, key))),
  }
}

function firstMention({ localCommit, requests, outcomes, commits }: Operation, key: string) {
  if (localCommit?.key === key) return localCommit
  const carrier = requests.find(({ request }) => request.about?.some((about) => about.key === key))
  return (
    carrier?.request ??
    outcomes.find((outcome) => outcome.key === key) ??
    commits.find((commit) => commit.key === key)
  )
}
