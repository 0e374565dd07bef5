import type { Event, EventOf } from '../core/event.ts'
import { groupBy } from '../core/group.ts'
import { payloadHash } from '../core/hash.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { withoutMark } from '../core/mark.ts'
import { describeOperation, isWrite, type Operation } from '../core/operation.ts'
import { changedRows } from './reading/changed-rows.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { oracleOf } from './reading/policies.ts'
import { recordName } from './reading/record-name.ts'
import { soleOperationOf } from './reading/sole-operation.ts'
import { moment, when } from './reading/wording.ts'

/**
 * Compares the content as it was typed with every later sighting of it, by hash, and reports the
 * first that differs. A sighting belongs to the operation of its marker. If the marker is damaged,
 * a key of one operation alone tells, or record and version do. Under a policy that may merge
 * writes, only what the writer's app stored is compared.
 */
export default {
  id: 'FIDELITY',
  promise: 'What a person typed is stored and shown unchanged, on every device and on the server.',
  needs: () => undefined,
  check(history) {
    const typed = typedHashes(history)
    if (typed.size === 0) return judgement(0, [])
    const compared = new Set<string>()
    const findings = new Map<string, Finding>()
    for (const { operation, hash, text, event } of sightings(history)) {
      const original = operation && typed.get(operation.opId)
      if (!operation || original === undefined || hash === undefined) continue
      compared.add(operation.opId)
      if (hash !== original && !findings.has(operation.opId))
        findings.set(operation.opId, changed(operation, text, event))
    }
    return judgement(compared.size, [...findings.values()], unattributed(history))
  },
} satisfies Invariant

/** A dump shows no key: nobody knows who typed what has no marker. */
function unattributed(history: History): string | undefined {
  const received = history.of('serverReceived')[0]
  const unmarked = history
    .of('serverCommit')
    .find(
      ({ derived, write, opId, seq }) =>
        derived && write !== 'delete' && opId === undefined && received && seq > received.seq,
    )
  return (
    unmarked &&
    `who typed what the server has held since ${moment(unmarked)} cannot be told: it has no marker`
  )
}

type SightingEvent = EventOf<'localCommit' | 'serverCommit' | 'serverState' | 'view'>

/** A content that belongs to an operation, as an event contains it. */
interface Sighting {
  readonly operation: Operation | undefined
  readonly hash?: string | undefined
  readonly text?: string | undefined
  readonly event: SightingEvent
}

interface Shown {
  readonly collection: string
  readonly record: string
  readonly opId?: string | undefined
  readonly hash?: string | undefined
  readonly text?: string | undefined
  readonly version?: number | undefined
}

function typedHashes(history: History): ReadonlyMap<string, string> {
  return new Map(
    history.operations.flatMap(({ opId, action }) =>
      isWrite(action) && action.type !== 'delete' ? [[opId, payloadHash(action.content)]] : [],
    ),
  )
}

function* sightings(history: History): Generator<Sighting> {
  const mayMerge = oracleOf(history.head.scenario.policy) === undefined
  const soleOperation = soleOperationOf(history)
  const ofVersion = operationOfVersion(history, soleOperation)
  const ofRow = (row: Shown) =>
    row.opId === undefined ? ofVersion(row) : history.operation(row.opId)
  const lastViews = new Map<string, EventOf<'view'>>()
  for (const event of history.events) {
    if (event.type === 'localCommit')
      yield { operation: history.operation(event.opId), hash: event.hash, event }
    if (mayMerge) continue
    if (event.type === 'serverCommit') yield sighting(soleOperation(event), event, event)
    if (event.type === 'serverState')
      for (const row of event.rows) yield sighting(ofRow(row), row, event)
    if (event.type === 'view') {
      for (const row of changedRows(event, lastViews.get(event.node))) {
        // Below an unsent write the version is that of another content.
        const operation = row.status === 'sent' ? ofRow(row) : history.operation(row.opId)
        yield sighting(operation, row, event)
      }
      lastViews.set(event.node, event)
    }
  }
}

const sighting = (
  operation: Operation | undefined,
  { hash, text }: Pick<Shown, 'hash' | 'text'>,
  event: SightingEvent,
): Sighting => ({ operation, hash, text, event })

/**
 * Finds the operation that made a version of a record. Undefined if several commits have the
 * version, since a server may count from 1 again.
 */
function operationOfVersion(
  history: History,
  soleOperation: ReturnType<typeof soleOperationOf>,
): (row: Shown) => Operation | undefined {
  const nameOf = (row: Shown) => `${recordName(row)} ${row.version}`
  const commits = groupBy(history.of('serverCommit'), nameOf)
  return (row) => {
    const [commit, other] = commits.get(nameOf(row)) ?? []
    return commit && !other ? soleOperation(commit) : undefined
  }
}

function changed(operation: Operation, text: string | undefined, event: SightingEvent): Finding {
  const { action, opId, invoke } = operation
  const typed = isWrite(action) && action.type !== 'delete' ? String(action.content.text ?? '') : ''
  const reads = text === undefined || text === withoutMark(typed) ? '' : `: it reads '${text}'`
  return {
    message: `${placeOf(event)} ${when(event)}, ${describeOperation(operation)} differs from what was typed${reads}`,
    opIds: [opId],
    evidence: evidence(invoke, event),
  }
}

function placeOf(event: Event): string {
  if (event.node === 'server') return 'on the server'
  return event.type === 'view' ? `on ${event.node}'s screen` : `in ${event.node}'s app`
}
