import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { beginsNewLife, commitsPerRecord, describeWriter, opsOf } from './reading/record-commits.ts'
import { when } from './reading/wording.ts'

type Commit = EventOf<'serverCommit'>
type Outcome = EventOf<'serverOutcome'>

/** Checks only that a clash was detected. CONFLICT-POLICY checks which of the two writes won. */
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
    const outcomes = appliedOutcomes(history)
    for (const commits of commitsPerRecord(history)) {
      for (const [i, commit] of commits.entries()) {
        if (commit.base === undefined) continue
        judged++
        const before = commits[i - 1]
        const isOutdated = commit.base < commit.head
        const wasDetected = isOutdated ? wentThroughPolicy(history, outcomes, commit, before) : true
        if (before && !beginsNewLife(commit) && commit.head !== before.version)
          findings.push(wrongHead(history, commit, before))
        else if (commit.base > commit.head) findings.push(unknownBase(history, commit))
        else if (wasDetected === false) findings.push(silentOverwrite(history, commit, before))
        else if (wasDetected === undefined) undecided ??= unreported(history, commit)
      }
    }
    return judgement(judged, findings, undecided)
  },
} satisfies Invariant

/** The first report of each write that was applied. */
function appliedOutcomes(history: History): ReadonlyMap<string, Outcome> {
  const first = new Map<string, Outcome>()
  for (const event of history.of('serverOutcome')) {
    const name = writeName(event)
    if (event.outcome === 'applied' && !first.has(name)) first.set(name, event)
  }
  return first
}

const writeName = ({ key, opId }: Commit | Outcome) =>
  key === undefined ? `operation ${opId}` : `key ${key}`

/**
 * Returns true if the conflict policy decided on the commit, according to its reported outcome. If
 * a server crash prevented that report, the server's conflict records decide; without any,
 * undefined.
 */
function wentThroughPolicy(
  history: History,
  outcomes: ReadonlyMap<string, Outcome>,
  commit: Commit,
  head: Commit | undefined,
): boolean | undefined {
  const outcome = outcomes.get(writeName(commit))
  if (outcome) return outcome.loser !== undefined || outcome.rule !== undefined
  const conflicts = history.serverState?.conflicts
  return conflicts && head?.key !== undefined
    ? conflicts.some(({ key }) => key === head.key)
    : undefined
}

function unreported(history: History, commit: Commit): string {
  return `whether ${describeWriter(history, commit)} went through the policy cannot be told`
}

function wrongHead(history: History, commit: Commit, before: Commit): Finding {
  return {
    message: `${describeWriter(history, commit)} was judged ${when(commit)} against version ${commit.head} of ${commit.record}; version ${before.version} stood, ${describeWriter(history, before)}`,
    opIds: opsOf(history, commit, before),
    evidence: evidence(before, commit),
  }
}

function unknownBase(history: History, commit: Commit): Finding {
  return {
    message: `${describeWriter(history, commit)} was taken ${when(commit)} as made on version ${commit.base} of ${commit.record}, which the server never had`,
    opIds: opsOf(history, commit),
    evidence: evidence(commit),
  }
}

function silentOverwrite(history: History, commit: Commit, before: Commit | undefined): Finding {
  const overwritten = before ? `, ${describeWriter(history, before)},` : ''
  return {
    message: `${describeWriter(history, commit)}, made on version ${commit.base} of ${commit.record}, silently overwrote version ${commit.head}${overwritten} ${when(commit)}`,
    opIds: opsOf(history, commit, before),
    evidence: evidence(before, commit),
  }
}
