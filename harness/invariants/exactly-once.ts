import type { EventOf } from '../core/event.ts'
import { groupBy } from '../core/group.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { effectsOf } from './reading/effects.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { carriersOf } from './reading/sending.ts'
import { times, when } from './reading/wording.ts'

type Commit = EventOf<'serverCommit'>

/**
 * Permits duplicate attempts, but not duplicate effects. Judges a server that reports no commits by
 * the markers in its rows. A derived commit counts as a repetition only if the same content came
 * again after a further request with it, as another row or as a higher version: a merge may show an
 * old marker in new content, and a server that went back shows an old version.
 */
export default {
  id: 'EXACTLY-ONCE',
  promise: 'Nothing a person did once takes effect twice.',
  needs: () => undefined,
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    const copiesOf = serverCopies(history)
    for (const operation of history.operations) {
      const effects = repeatedEffectsOf(operation, sentAgain(history, operation))
      const copies = copiesOf(operation)
      if (effects.length + copies > 0) judged++
      if (effects.length > 1) findings.push(repeatedEffect(operation, effects))
      else if (copies > 1) findings.push(repeatedRow(history, operation, copies))
    }
    return judgement(judged, findings)
  },
} satisfies Invariant

/**
 * The effects in one unbroken sequence of commits. A server that was restored from an older state
 * starts a new epoch, or counts its commits from a lower position: then it lost what it had, and
 * the app rightly sends it again.
 */
function repeatedEffectsOf(
  operation: Operation,
  wasSentAgain: (first: Commit, commit: Commit) => boolean,
): readonly Commit[] {
  const effects = withoutSightings(effectsOf(operation), wasSentAgain)
  const last = effects.at(-1)
  if (!last) return effects
  const broken = effects.findLastIndex(
    (commit, i) =>
      commit.epoch !== last.epoch || effects.slice(i).some((one) => one.position < commit.position),
  )
  return effects.slice(broken + 1)
}

/** Leaves out the derived commits that need not be another effect. */
function withoutSightings(
  effects: readonly Commit[],
  wasSentAgain: (first: Commit, commit: Commit) => boolean,
): readonly Commit[] {
  const [first] = effects
  return effects.filter((commit, i) => {
    if (!first || i === 0 || !commit.derived || commit.epoch !== first.epoch) return true
    const earlier = effects.slice(0, i).filter(({ twin }) => twin === commit.twin)
    const isHigher = earlier.every(({ version }) => version < commit.version)
    const isSameContent = commit.hash !== undefined && commit.hash === first.hash
    return isSameContent && isHigher && wasSentAgain(first, commit)
  })
}

/** Returns a test for whether the server received the operation again between two commits. */
function sentAgain(history: History, operation: Operation) {
  const isObserved = history.of('serverReceived').length > 0
  return (first: Commit, commit: Commit): boolean => {
    if (!isObserved) return true
    const received = carriersOf(history, operation).flatMap((trip) => trip.received ?? [])
    if (commit.recovered || first.recovered) return received.length > 1
    return received.some(({ seq }) => seq > first.seq && seq < commit.seq)
  }
}

/** Counts an operation's rows on a server that reports no commits; 0 on any other server. */
function serverCopies(history: History): (operation: Operation) => number {
  if (history.of('serverCommit').length > 0) return () => 0
  const rows = history.serverState?.rows.filter(({ deleted }) => !deleted) ?? []
  const byOp = groupBy(rows, (row) => row.opId)
  return ({ opId }) => byOp.get(opId)?.length ?? 0
}

function repeatedEffect(operation: Operation, effects: readonly Commit[]): Finding {
  const moments = effects
    .map((commit) => `${when(commit)}${commit.recovered ? ' (found after a crash)' : ''}`)
    .join(' and ')
  return {
    message: `${describeOperation(operation)} took effect ${times(effects.length)} on the server: ${moments}`,
    opIds: [operation.opId],
    evidence: evidence(...effects),
  }
}

function repeatedRow(history: History, operation: Operation, copies: number): Finding {
  return {
    message: `${describeOperation(operation)} is on the server ${times(copies)}`,
    opIds: [operation.opId],
    evidence: evidence(history.serverState),
  }
}
