import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { EPOCH_WALL, spanText } from '../core/time.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { commitsPerRecord, describeWriter, opsOf } from './reading/record-commits.ts'
import { isBeyondClamp, wallMsOf } from './reading/stamps.ts'
import { when } from './reading/wording.ts'

type Commit = EventOf<'serverCommit'>

/**
 * Judges the stamps that the server stored, with which it compares later writes. Only under
 * last-write-wins, where they decide. A commit that was found after a crash was received earlier
 * than reported, which makes its limit too generous, but never wrong.
 */
export default {
  id: 'CONFLICT-CLOCK',
  promise:
    'A wrong clock wins for a minute at most, and whoever has seen a write can replace it, however slow their clock.',
  needs: ({ versions }) =>
    versions ? undefined : 'the client does not say which version a write was made on',
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    if (history.head.scenario.policy !== 'last-write-wins') return judgement(0, [])
    for (const commits of commitsPerRecord(history)) {
      for (const [i, commit] of commits.entries()) {
        if (wallMsOf(commit.stamp) === undefined) continue
        judged++
        const before = commits[i - 1]
        if (isBeyondClamp({ stamp: commit.stamp, t: commit.t }))
          findings.push(fromTheFuture(history, commit))
        else if (before && hasSeen(commit, before) && isNotLater(commit, before))
          findings.push(earlierThanSeen(history, commit, before))
      }
    }
    return judgement(judged, findings)
  },
} satisfies Invariant

/** Returns true if the writer had seen the version that it replaced. */
const hasSeen = (commit: Commit, before: Commit) =>
  commit.base === before.version && commit.head === before.version

function isNotLater({ stamp }: Commit, before: Commit): boolean {
  const isComparable = wallMsOf(before.stamp) !== undefined
  return isComparable && (stamp ?? '') <= (before.stamp ?? '')
}

function fromTheFuture(history: History, commit: Commit): Finding {
  const ahead = spanText((wallMsOf(commit.stamp) ?? 0) - EPOCH_WALL - commit.t)
  return {
    message: `${describeWriter(history, commit)} was stored ${when(commit)} with a stamp ${ahead} in the future: it wins against every write until then`,
    opIds: opsOf(history, commit),
    evidence: evidence(commit),
  }
}

function earlierThanSeen(history: History, commit: Commit, before: Commit): Finding {
  return {
    message: `${describeWriter(history, commit)} replaced ${describeWriter(history, before)} ${when(commit)}, and its stamp does not come after the other's: a write between the two would win against both`,
    opIds: opsOf(history, commit, before),
    evidence: evidence(before, commit),
  }
}
