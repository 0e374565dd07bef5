import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { lineages, opOf, writerOf } from './reading/lineage.ts'
import { evidence, when } from './reading/words.ts'

type Commit = EventOf<'serverCommit'>

/** Which of the two then wins is CONFLICT-POLICY's; here, that the clash was noticed at all. */
export default {
  id: 'CONFLICT-BASE',
  promise:
    'A write made on an older version goes through the conflict policy; none silently overwrites what its writer had not seen.',
  needs: ({ versions }) =>
    versions ? undefined : 'the client does not say which version a write was made on',
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    let undecided: string | undefined
    for (const line of lineages(history)) {
      for (const [i, commit] of line.entries()) {
        if (commit.base === undefined) continue
        judged++
        const before = line[i - 1]
        // A record made anew starts its versions anew: its tombstone was purged, or its marker is on two records of a server that knows no markers.
        const anew = commit.write === 'create' && commit.head === 0
        if (before && !anew && commit.head !== before.version) {
          findings.push({
            message: `${writerOf(history, commit)} was judged ${when(commit)} against version ${commit.head} of ${commit.record}; version ${before.version} stood, ${writerOf(history, before)}`,
            ops: opsOf(history, commit, before),
            evidence: evidence(before, commit),
          })
        } else if (commit.base > commit.head) {
          findings.push({
            message: `${writerOf(history, commit)} was taken ${when(commit)} as made on version ${commit.base} of ${commit.record}, which the server never had`,
            ops: opsOf(history, commit),
            evidence: evidence(commit),
          })
        } else if (commit.base < commit.head) {
          const noticed = wentThroughPolicy(history, commit, before)
          if (noticed === undefined)
            undecided ??= `whether ${writerOf(history, commit)} went through the policy cannot be told`
          if (noticed === false) {
            findings.push({
              message: `${writerOf(history, commit)}, made on version ${commit.base} of ${commit.record}, silently overwrote version ${commit.head}${before ? `, ${writerOf(history, before)},` : ''} ${when(commit)}`,
              ops: opsOf(history, commit, before),
              evidence: evidence(before, commit),
            })
          }
        }
      }
    }
    return { judged, findings, ...(undecided !== undefined && { undecided }) }
  },
} satisfies Invariant

/** The server says so with the outcome. A crash may have swallowed that: then the conflict records tell, where it keeps any. */
function wentThroughPolicy(
  history: History,
  commit: Commit,
  head: Commit | undefined,
): boolean | undefined {
  const outcome = history
    .of('serverOutcome')
    .find(
      (event) =>
        event.outcome === 'applied' &&
        (commit.key === undefined ? event.op === commit.op : event.key === commit.key),
    )
  if (outcome) return outcome.loser !== undefined || outcome.rule !== undefined
  const conflicts = history.serverState?.conflicts
  return conflicts && head?.key !== undefined
    ? conflicts.some(({ key }) => key === head.key)
    : undefined
}

function opsOf(history: History, ...commits: readonly (Commit | undefined)[]): string[] {
  return [...new Set(commits.flatMap((commit) => (commit ? (opOf(history, commit) ?? []) : [])))]
}
