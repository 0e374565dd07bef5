import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, isWrite, type Operation } from '../core/operation.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { recordName } from './reading/record-name.ts'
import { soleOperationOf } from './reading/sole-operation.ts'
import { when } from './reading/wording.ts'

/**
 * Judges names of the scenario's users only: a server may name its own author. A commit that
 * another device may have sent, as in a replication between equals, is not judged. A row of a dump
 * may carry the name of anyone who wrote to the record: some servers keep the creator, some the
 * last writer.
 */
export default {
  id: 'PRINCIPAL',
  promise: 'What a person wrote stands under their own name, never under that of somebody else.',
  needs: () => undefined,
  check(history) {
    const users = new Set(history.head.scenario.devices.map(({ user }) => user))
    const soleOperation = soleOperationOf(history)
    const findings: Finding[] = []
    const accused = new Set<Operation>()
    let judged = 0
    const writers = writersOfRecords(history)
    for (const commit of history.of('serverCommit')) {
      const operation = soleOperation(commit)
      if (!operation || !users.has(commit.author) || !isOwnPush(operation, commit)) continue
      judged++
      if (commit.author === operation.user || accused.has(operation)) continue
      const mayBeCreator = commit.derived && commit.write === 'update'
      if (mayBeCreator && writers.get(recordName(commit))?.has(commit.author)) continue
      accused.add(operation)
      findings.push(wrongName(operation, commit))
    }
    const state = history.serverState
    for (const row of state?.rows ?? []) {
      const operation = history.operation(row.opId)
      if (!operation || row.author === undefined || !users.has(row.author)) continue
      judged++
      const isWriter = writers.get(recordName(row))?.has(row.author)
      if (isWriter || row.author === operation.user || accused.has(operation)) continue
      findings.push(strangeName(operation, row.author, state))
    }
    return judgement(judged, findings)
  },
} satisfies Invariant

/** Returns true if only the operation's own device can have sent the commit. */
function isOwnPush(
  { device, requests, localCommit }: Operation,
  { key }: EventOf<'serverCommit'>,
): boolean {
  if (requests.some((trip) => trip.device !== device)) return false
  return requests.length > 0 || (key !== undefined && localCommit?.key === key)
}

/** The users who acted on each record. */
function writersOfRecords(history: History): ReadonlyMap<string, ReadonlySet<string>> {
  const writers = new Map<string, Set<string>>()
  for (const { action, user } of history.operations) {
    if (!isWrite(action)) continue
    const name = recordName(action)
    writers.set(name, (writers.get(name) ?? new Set()).add(user))
  }
  return writers
}

function wrongName(operation: Operation, commit: EventOf<'serverCommit'>): Finding {
  return {
    message: `${describeOperation(operation)} was stored under the name of ${commit.author} ${when(commit)}`,
    opIds: [operation.opId],
    evidence: evidence(operation.invoke, commit),
  }
}

function strangeName(
  operation: Operation,
  author: string,
  state: EventOf<'serverState'> | undefined,
): Finding {
  return {
    message: `${describeOperation(operation)} stands on the server under the name of ${author}, who never touched it`,
    opIds: [operation.opId],
    evidence: evidence(operation.invoke, state),
  }
}
