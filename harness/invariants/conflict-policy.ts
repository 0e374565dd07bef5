import type { EventOf } from '../core/event.ts'
import { groupBy } from '../core/group.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { opOf, writerOf } from './reading/lineage.ts'
import { oracleOf } from './reading/policies.ts'
import { recordName } from './reading/screen.ts'
import { evidence, when } from './reading/words.ts'

type Commit = EventOf<'serverCommit'>
type Outcome = EventOf<'serverOutcome'>

/**
 * Holds each decision on a write with an outdated base against a second reading of the policy. What took effect is read from the commits (a crash may have kept
 * the outcome from being reported), what lost from the outcomes; the repetition of an outcome is no new decision.
 */
export default {
  id: 'CONFLICT-POLICY',
  promise:
    'Which of two clashing writes stands is what the declared policy says, however often either was sent.',
  needs: ({ versions }) =>
    versions ? undefined : 'the client does not say which version a write was made on',
  check(history) {
    const { policy } = history.head.scenario
    const oracle = oracleOf(policy)
    const decisions = decisionsOf(history)
    const judged = decisions.length
    if (!oracle && judged > 0)
      return {
        judged,
        findings: [],
        undecided: `there is no second reading of the policy '${policy}' to hold it against`,
      }
    const versions = groupBy(
      history.of('serverCommit'),
      (commit) => `${recordName(commit)} ${commit.version}`,
    )
    const commitsOfKey = groupBy(history.of('serverCommit'), ({ key }) => key)
    const findings: Finding[] = []
    let undecided: string | undefined
    for (const { event, got, sent } of decisions) {
      const found = (message: string, ...proof: readonly Commit[]) => {
        const ops = [event, ...proof].flatMap((one) => opOf(history, one) ?? [])
        findings.push({ message, ops: [...new Set(ops)], evidence: evidence(event, ...proof) })
      }
      const own =
        got === 'conflict' && event.key !== undefined ? commitsOfKey.get(event.key)?.[0] : undefined
      if (own) {
        found(
          `${writerOf(history, event)} took effect ${when(own)}, and was told ${when(event)} that it lost: a retry changed the outcome`,
          own,
        )
        continue
      }
      if (event.base === event.head) {
        const head = versions.get(`${recordName(event)} ${event.head}`)?.[0]
        const gone = event.write === 'delete' && (!head || head.write === 'delete')
        if (!gone)
          found(
            `${writerOf(history, event)} was made on the newest version ${event.head} and still lost as a conflict`,
          )
        continue
      }
      const heads = versions.get(`${recordName(event)} ${event.head}`) ?? []
      const head = heads.length === 1 ? heads[0] : undefined
      if (!head) {
        undecided ??= `which write version ${event.head} of ${event.record} was cannot be told`
        continue
      }
      const due = oracle?.({
        write: event.write,
        stamp: sent?.stamp ?? event.stamp,
        t: event.t,
        head,
      })
      if (due !== undefined && due !== got) {
        const [verb, should] =
          got === 'applied' ? ['stood', 'had to lose'] : ['lost', 'had to stand']
        found(
          `${writerOf(history, event)} clashed with ${writerOf(history, head)} and ${verb}; under ${policy} it ${should}`,
          head,
        )
        continue
      }
      const named = got === 'conflict' ? (event as Outcome).winner : sent?.loser
      if (
        named !== undefined &&
        head.key !== undefined &&
        !isNamedRightly(named, head, event, versions)
      ) {
        found(
          `${writerOf(history, event)} clashed with ${writerOf(history, head)}, but the server names another write (${named})`,
          head,
        )
      }
    }
    return { judged, findings, ...(undecided !== undefined && { undecided }) }
  },
} satisfies Invariant

interface Decision {
  readonly event: Commit | Outcome
  readonly got: 'applied' | 'conflict'
  /** Of what took effect: the outcome with the stamp as it was sent. */
  readonly sent?: Outcome
}

function decisionsOf(history: History): Decision[] {
  const outcomes = history.of('serverOutcome')
  const applied = new Map(
    outcomes.filter(({ outcome }) => outcome === 'applied').map((event) => [event.key, event]),
  )
  const seen = new Set<string>()
  const lost = outcomes.flatMap((event): Decision[] => {
    const { outcome, key, base, head } = event
    if (
      outcome !== 'conflict' ||
      base === undefined ||
      head === undefined ||
      (key !== undefined && seen.has(key))
    )
      return []
    if (key !== undefined) seen.add(key)
    return [{ event, got: 'conflict' }]
  })
  const stood = history.of('serverCommit').flatMap((event): Decision[] => {
    if (event.base === undefined || event.base === event.head) return []
    const sent = event.key === undefined ? undefined : applied.get(event.key)
    return [{ event, got: 'applied', ...(sent && { sent }) }]
  })
  return [...lost, ...stood]
}

/** A crash may have swallowed the first report of a conflict; its repetition names the version that stood then, not the newest. */
function isNamedRightly(
  named: string,
  head: Commit,
  event: Commit | Outcome,
  versions: ReadonlyMap<string, readonly Commit[]>,
): boolean {
  if (named === head.key) return true
  if (event.type === 'serverCommit') return false
  for (let version = (event.base ?? 0) + 1; version < head.version; version++) {
    if (versions.get(`${recordName(event)} ${version}`)?.some(({ key }) => key === named))
      return true
  }
  return false
}
