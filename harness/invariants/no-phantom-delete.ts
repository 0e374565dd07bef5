import type { EventOf } from '../core/event.ts'
import { groupBy } from '../core/group.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, isWrite } from '../core/operation.ts'
import { completionsOf } from './reading/completion.ts'
import { distinctCommits } from './reading/effects.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { recordName, recordOf } from './reading/record-name.ts'
import { removedRecord } from './reading/removals.ts'
import { type VanishedRow, vanishedRows } from './reading/vanished-rows.ts'
import { when } from './reading/wording.ts'

type Commit = EventOf<'serverCommit'>

/**
 * Judges three things. A record that nobody removed leaves a screen only by a tombstone or a
 * complete resync; what the device has not yet heard back from the server is not judged, nor what
 * is gone after a restart. A record is deleted on the server under a person's name only if somebody
 * removed it. A commit under a person's name, made while the server handled a request of theirs,
 * belongs to one of their actions: it is nobody's only if each of them has a commit of its own. A
 * server that was restored (several epochs) is not judged.
 */
export default {
  id: 'NO-PHANTOM-DELETE',
  promise: 'Nothing disappears that nobody deleted, and nothing appears that nobody wrote.',
  needs: () => undefined,
  check(history) {
    const commits = distinctCommits(history.of('serverCommit'))
    if (history.operations.length === 0 || hasSeveralEpochs(history)) return judgement(0, [])
    const removed = new Set(
      history.operations.map((operation) => removedRecord(history, operation)),
    )
    const kept = commits.filter((commit) => !removed.has(recordName(commit)))
    const findings = [
      ...vanishedWithoutCause(history, kept),
      ...unaskedDeletions(history, kept),
      ...unwrittenCommits(history, commits),
    ]
    return judgement(commits.length, findings)
  },
} satisfies Invariant

function hasSeveralEpochs(history: History): boolean {
  const events = [
    ...history.of('serverCommit'),
    ...history.of('cursorSaved'),
    ...history.of('serverState'),
  ]
  return new Set(events.map(({ epoch }) => epoch)).size > 1
}

/** Finds the records that left a screen although the server had them all the time. */
function vanishedWithoutCause(history: History, kept: readonly Commit[]): Finding[] {
  const commits = groupBy(kept, recordName)
  const findings: Finding[] = []
  for (const device of history.devices) {
    const isUnfinished = unfinishedRecords(history, device)
    const named = new Set<string>()
    for (const vanished of vanishedRows(history, device)) {
      const { record, before } = vanished
      const ofRecord = commits.get(record) ?? []
      const commit = ofRecord.find(({ seq, write }) => write !== 'delete' && seq < before.seq)
      if (!commit || named.has(record) || ofRecord.some(({ write }) => write === 'delete')) continue
      if (isUnfinished(record, before.seq) || isExplained(history, device, vanished)) continue
      named.add(record)
      findings.push(vanishedFinding(history, vanished, commit))
    }
  }
  return findings
}

/**
 * Returns a test for whether the device still waited for the server's word on an own
 * write to a record, or got another word than "applied".
 */
function unfinishedRecords(history: History, device: string) {
  const own = groupBy(
    history.operations.filter((operation) => operation.device === device),
    recordOf,
  )
  const completions = completionsOf(history)
  return (record: string, seq: number): boolean =>
    (own.get(record) ?? []).some(
      (operation) =>
        operation.commits.length === 0 ||
        operation.invoke.seq > seq ||
        completions.seqOf(operation) > seq,
    )
}

/** Returns true if a page said that the record is deleted, or a complete resync left it out. */
function isExplained(
  history: History,
  device: string,
  { record, before, after }: VanishedRow,
): boolean {
  return history
    .of('cursorSaved', device)
    .some(
      (page) =>
        page.seq < after.seq &&
        ((page.full && page.complete && page.seq > before.seq) ||
          page.rows.some((row) => row.deleted && recordName(row) === record)),
    )
}

function vanishedFinding(
  history: History,
  { row, record, before, after }: VanishedRow,
  commit: Commit,
): Finding {
  const operation = history.operation(row.opId)
  const what = operation ? describeOperation(operation) : record.replace('/', ' ')
  return {
    message: `${what} left ${after.node}'s screen ${when(after)}, though nobody deleted it and the server has it`,
    opIds: operation ? [operation.opId] : [],
    evidence: evidence(commit, before, after),
  }
}

/** Finds deletions of the scenario's records under a person's name that nobody asked for. */
function unaskedDeletions(history: History, kept: readonly Commit[]): Finding[] {
  const users = usersOf(history)
  const written = new Set(history.operations.map(recordOf))
  return kept
    .filter(
      (commit) =>
        commit.write === 'delete' && users.has(commit.author) && written.has(recordName(commit)),
    )
    .map((commit) => ({
      message: `${commit.collection.replace(/s$/, '')} ${commit.record} was deleted on the server under the name of ${commit.author} ${when(commit)}, though nobody deleted it`,
      opIds: [],
      evidence: evidence(commit),
    }))
}

/** Finds contents under a person's name that none of the person's actions wrote. */
function unwrittenCommits(history: History, commits: readonly Commit[]): Finding[] {
  const users = usersOf(history)
  const writes = groupBy(
    history.operations.filter(({ action }) => isWrite(action)),
    ({ user }) => user,
  )
  const isServing = servedUsers(history)
  return commits
    .filter((commit) => {
      const { author, write, key, recovered } = commit
      if (write === 'delete' || recovered || !users.has(author)) return false
      if (history.operationOf(commit)) return false
      if (key !== undefined && history.operationOfKey(key)) return false
      const own = writes.get(author) ?? []
      const mayBeOwn = own.some(
        (operation) => operation.commits.length === 0 || recordOf(operation) === recordName(commit),
      )
      return !mayBeOwn && isServing(commit)
    })
    .map((commit) => ({
      message: `${commit.collection.replace(/s$/, '')} ${commit.record} appeared on the server under the name of ${commit.author} ${when(commit)}, though nobody wrote it`,
      opIds: [],
      evidence: evidence(commit),
    }))
}

/** Returns a test for whether the server handled a request of a commit's author then. */
function servedUsers(history: History): (commit: Commit) => boolean {
  const users = new Map(history.head.scenario.devices.map(({ name, user }) => [name, user]))
  const spans = groupBy(
    history.requests.filter(({ received }) => received),
    ({ device }) => users.get(device),
  )
  return ({ author, seq }) =>
    (spans.get(author) ?? []).some(({ received, responded, response }) => {
      const end = responded ?? (response?.outcome === 'response' ? response : undefined)
      return received && received.seq < seq && (!end || end.seq > seq)
    })
}

const usersOf = (history: History) => new Set(history.head.scenario.devices.map(({ user }) => user))
