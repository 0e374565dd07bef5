import type { Invariant } from '../core/invariant.ts'
import { describe, type Operation } from '../core/operation.ts'
import { evidence } from './reading/words.ts'

export default {
  id: 'KEY-STABLE',
  promise: 'Every attempt at one operation carries the same idempotency key, after restarts too.',
  needs: () => undefined,
  check(history) {
    const keyed = history.operations.filter(({ keys }) => keys.length > 0)
    return {
      judged: keyed.length,
      findings: keyed
        .filter(({ keys }) => keys.length > 1)
        .map((operation) => ({
          message: `${describe(operation)} went under ${operation.keys.length} idempotency keys (${operation.keys.join(', ')}): the server cannot know that they are one`,
          ops: [operation.op],
          evidence: evidence(...operation.keys.map((key) => firstMention(operation, key))),
        })),
    }
  },
} satisfies Invariant

function firstMention({ localCommit, requests, outcomes, commits }: Operation, key: string) {
  if (localCommit?.key === key) return localCommit
  const carrier = requests.find(({ request }) => request.about?.some((about) => about.key === key))
  return (
    carrier?.request ??
    outcomes.find((outcome) => outcome.key === key) ??
    commits.find((commit) => commit.key === key)
  )
}
