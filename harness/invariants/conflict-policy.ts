import type { EventOf } from '../core/event.ts'
import { groupBy } from '../core/group.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { cancellations } from './reading/cancellations.ts'
import { acceptanceOf } from './reading/completion.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { oracleOf } from './reading/policies.ts'
import { describeWriter, opsOf } from './reading/record-commits.ts'
import { recordName } from './reading/record-name.ts'
import type { Received } from './reading/stamps.ts'
import { isSuccess } from './reading/success.ts'
import { when } from './reading/wording.ts'

type Commit = EventOf<'serverCommit'>
type Outcome = EventOf<'serverOutcome'>

/**
 * For each write made on an outdated version, compares the server's decision with an independent
 * implementation of the policy (reading/policies.ts). Reads the writes that won from the commits,
 * since a crash may have prevented the report of the outcome, and the writes that lost from the
 * outcomes. Counts a repeated outcome once.
 */
export default {
  id: 'CONFLICT-POLICY',
  promise:
    'Which of two clashing writes stands is what the declared policy says, however often either was sent.',
  needs: ({ versions }) =>
    versions ? undefined : 'the client does not say which version a write was made on',
  check(history) {
    const { policy } = history.head.scenario
    const decisions = decisionsOf(history)
    if (!oracleOf(policy) && decisions.length > 0) {
      const why = `there is no second reading of the policy '${policy}' to hold it against`
      return judgement(decisions.length, [], why)
    }
    const checks = decisions.map(decisionCheck(history))
    const findings = checks.filter((result) => typeof result === 'object')
    const undecided = checks.find((result) => typeof result === 'string')
    return judgement(decisions.length, findings, undecided)
  },
} satisfies Invariant

interface Decision {
  readonly event: Commit | Outcome
  readonly decided: 'applied' | 'conflict'
  /** The outcome of an applied write, if reported: it contains the stamp as it was sent. */
  readonly applied?: Outcome
}

function decisionsOf(history: History): Decision[] {
  return [...lostWrites(history), ...wonWrites(history)]
}

/** The first conflict outcome of each key. */
function lostWrites(history: History): Decision[] {
  const seenKeys = new Set<string>()
  const decisions: Decision[] = []
  for (const event of history.of('serverOutcome')) {
    const { outcome, key, base, head } = event
    if (outcome !== 'conflict' || base === undefined || head === undefined) continue
    if (key !== undefined && seenKeys.has(key)) continue
    if (key !== undefined) seenKeys.add(key)
    decisions.push({ event, decided: 'conflict' })
  }
  return decisions
}

/** The commits that were made on an outdated version. */
function wonWrites(history: History): Decision[] {
  const outcomes = history.of('serverOutcome').filter(({ outcome }) => outcome === 'applied')
  const outcomeOfKey = new Map(outcomes.map((event) => [event.key, event]))
  return history
    .of('serverCommit')
    .filter(({ base, head }) => base !== undefined && base !== head)
    .map((event) => {
      const applied = event.key === undefined ? undefined : outcomeOfKey.get(event.key)
      return { event, decided: 'applied', ...(applied && { applied }) }
    })
}

/**
 * Makes a function that checks one decision. It returns a finding, the reason why the decision
 * cannot be judged, or undefined if the decision is right.
 */
function decisionCheck(history: History) {
  const { policy } = history.head.scenario
  const oracle = oracleOf(policy)
  const commits = history.of('serverCommit')
  const commitsOf = groupBy(commits, (commit) => versionName(commit, commit.version))
  const commitsOfKey = groupBy(commits, ({ key }) => key)

  return ({ event, decided, applied }: Decision): Finding | string | undefined => {
    const writer = describeWriter(history, event)
    const finding = (message: string, ...proof: readonly Commit[]): Finding => ({
      message,
      opIds: opsOf(history, event, ...proof),
      evidence: evidence(event, ...proof),
    })
    const earlier =
      decided === 'conflict' && event.key !== undefined && commitsOfKey.get(event.key)?.[0]
    if (earlier)
      return finding(
        `${writer} took effect ${when(earlier)}, and was told ${when(event)} that it lost: a retry changed the outcome`,
        earlier,
      )
    const heads = commitsOf.get(versionName(event, event.head)) ?? []
    if (event.base === event.head)
      return isDeletedAgain(event, heads[0])
        ? undefined
        : finding(
            `${writer} was made on the newest version ${event.head} and still lost as a conflict`,
          )
    const head = heads.length === 1 ? heads[0] : undefined
    if (!head) return `which write version ${event.head} of ${event.record} was cannot be told`
    const clash = `${writer} clashed with ${describeWriter(history, head)}`
    if (isMadeOn(history, event, head))
      return decided === 'applied'
        ? undefined
        : finding(`${writer} lost to ${describeWriter(history, head)}, on which it was made`, head)
    const sent = received(history, event, applied?.stamp ?? event.stamp)
    const standing = { ...received(history, head, head.stamp), write: head.write }
    const due = oracle?.({ write: event.write, sent, head: standing })
    if (due !== undefined && due !== decided)
      return finding(`${clash} and ${WRONG_DECISIONS[decided](policy)}`, head)
    const named = decided === 'conflict' ? (event as Outcome).winner : applied?.loser
    const isWrongName =
      named !== undefined &&
      head.key !== undefined &&
      !isNamedRightly(named, head, event, commitsOf)
    return isWrongName
      ? finding(`${clash}, but the server names another write (${named})`, head)
      : undefined
  }
}

const WRONG_DECISIONS = {
  applied: (policy: string) => `stood; under ${policy} it had to lose`,
  conflict: (policy: string) => `lost; under ${policy} it had to stand`,
}

const versionName = (event: Commit | Outcome, version: number | undefined) =>
  `${recordName(event)} ${version}`

/**
 * A stamp with the time of its receipt. A commit that was found after a crash, and a conflict whose
 * first report a crash may have prevented, were received at some time since the first request.
 */
function received(history: History, event: Commit | Outcome, stamp: string | undefined): Received {
  const { t } = event
  if (event.type === 'serverCommit' && !event.recovered) return { stamp, t }
  const operation = history.operationOf(event)
  const earliest = operation?.requests[0]?.request ?? operation?.invoke
  return { stamp, t, earliestT: Math.min(t, earliest?.t ?? 0) }
}

/**
 * Returns true if the writer's own device had accepted the current version before this write, so
 * that the write was made on it, whichever base and stamp it names: no policy lets it lose. An
 * earlier write that was cancelled, or that the app believed lost, is not what it was made on.
 */
function isMadeOn(history: History, event: Commit | Outcome, head: Commit): boolean {
  const [own, before] = [history.operationOf(event), history.operationOf(head)]
  if (!own || !before || own === before || own.device !== before.device) return false
  if (isDeletedAgain(event, head) || cancellations(history).has(before.opId)) return false
  const beganSeq = own.invoke.seq
  const wasRefused =
    before.acks.some((ack) => ack.seq < beganSeq && !isSuccess(ack)) ||
    (before.settled && before.settled.seq < beganSeq && before.settled.outcome !== 'acked')
  return !wasRefused && (acceptanceOf(before)?.seq ?? beganSeq) < beganSeq
}

/** Returns true if a deletion found the record deleted already. */
function isDeletedAgain(event: Commit | Outcome, head: Commit | undefined): boolean {
  return event.write === 'delete' && (!head || head.write === 'delete')
}

/**
 * Returns true if the server named the other write of the clash correctly. A conflict may also name
 * the writer of an older version: if a crash prevented its first report, the repeated report names
 * the version that was current at the first decision.
 */
function isNamedRightly(
  named: string,
  head: Commit,
  event: Commit | Outcome,
  commitsOf: ReadonlyMap<string, readonly Commit[]>,
): boolean {
  if (named === head.key) return true
  if (event.type === 'serverCommit') return false
  for (let version = (event.base ?? 0) + 1; version < head.version; version++) {
    if (commitsOf.get(versionName(event, version))?.some(({ key }) => key === named)) return true
  }
  return false
}
