import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describe, type Operation } from '../core/operation.ts'
import { chains } from './reading/chains.ts'
import { endingsOf } from './reading/ending.ts'
import { screenOf } from './reading/screen.ts'
import { evidence, when } from './reading/words.ts'

/**
 * Two ways to break it: an ack clears the very outbox entry that a later revision lives in; or a later write of its own is no longer waiting on the
 * first screen after the ack, though nothing has ended it.
 */
export default {
  id: 'ACK-REVISION',
  promise: 'The answer to an older revision leaves newer edits of the same record waiting.',
  needs: ({ outbox }) => (outbox ? undefined : 'the client does not say when it applies an answer'),
  check(history) {
    const undecided: string[] = []
    let judged = 0
    const findings: Finding[] = []
    for (const chain of chains(history)) {
      for (const [i, operation] of chain.entries()) {
        for (const ack of operation.acks) {
          judged++
          const newer = chain
            .slice(i + 1)
            .filter(
              ({ localCommit }) =>
                localCommit && localCommit.seq < ack.seq && localCommit.rev > ack.rev,
            )
          const waiting = newer.filter((one) => endingsOf(history).end(one) > ack.seq)
          const shared = waiting.find(
            ({ localCommit }) => ack.cleared && localCommit?.key === ack.key,
          )
          const { finding, unseen } = shared
            ? { finding: cleared(operation, shared, ack) }
            : judgeScreen(history, operation, waiting, ack)
          if (finding) findings.push(finding)
          if (unseen !== undefined) undecided.push(unseen)
        }
      }
    }
    return { judged, findings, ...(undecided[0] !== undefined && { undecided: undecided[0] }) }
  },
} satisfies Invariant

type Ack = Operation['acks'][number]

function judgeScreen(
  history: History,
  operation: Operation,
  waiting: readonly Operation[],
  ack: Ack,
): { finding?: Finding; unseen?: string } {
  const last = waiting.at(-1)
  if (!last) return {}
  const { device } = operation
  const view = history.of('view', device).find((event) => event.seq > ack.seq)
  const died = history.of('crash', device).find((event) => event.seq > ack.seq)
  // What a device holds after its death is DURABLE's.
  if (died && (!view || died.seq < view.seq)) return {}
  if (!view)
    return {
      unseen: `whether ${describe(last)} still waited after ${when(ack).slice(3)} cannot be told: no screen was seen after it`,
    }
  // The newest write stands for all before it, where a client folds edits together.
  const missing = waiting.filter((one) => endingsOf(history).end(one) > view.seq).at(-1)
  if (!missing || isWaiting(missing)) return {}
  return { finding: cleared(operation, missing, ack, view) }

  function isWaiting(one: Operation): boolean {
    if (!view || one.commits.length + one.outcomes.length > 0) return true
    const screen = screenOf(view)
    const rows = screen.rowsOf(one.op)
    return screen.entryOf(one) !== undefined || rows.some(({ status }) => status !== 'sent')
  }
}

function cleared(
  operation: Operation,
  newer: Operation,
  ack: Ack,
  view?: { readonly seq: number },
): Finding {
  return {
    message: `the answer to ${describe(operation)}, revision ${ack.rev}, applied ${when(ack)}, took ${describe(newer)} (revision ${newer.localCommit?.rev}) for done as well`,
    ops: [...new Set([operation.op, newer.op])],
    evidence: evidence(newer.localCommit, ack, view),
  }
}
