import type { Event } from '../core/event.ts'
import { groupBy } from '../core/group.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { tellsHoldings } from './reading/holdings.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { recordName, recordOf } from './reading/record-name.ts'
import { successOf } from './reading/success.ts'
import { when } from './reading/wording.ts'

/**
 * Judges a device's own keys, since a server may keep the keys of each device apart. A client with
 * one outbox row per record may use its key for several revisions of the record: then the finding
 * is only that the server took one revision for a repetition of another, and the app believed it.
 */
export default {
  id: 'INJECTIVE',
  promise: 'No two things that a person did are taken for one and the same.',
  needs: () => undefined,
  check(history) {
    const uses = keyUses(history)
    const findings = [...uses.values()].flatMap((ofKey) => {
      const [first, ...others] = ofKey
      const clash = first && others.find((other) => !areRevisions(first, other))
      return clash ? [sharedKey(first, clash)] : []
    })
    const accused = new Set(findings.flatMap(({ opIds }) => opIds))
    const swallowed = history.operations.flatMap((operation) =>
      accused.has(operation.opId) ? [] : (swallow(history, operation) ?? []),
    )
    return judgement(uses.size, [...findings, ...swallowed], unknownSwallow(history))
  },
} satisfies Invariant

/** The first event in which a device used a key for an operation. */
interface KeyUse {
  readonly key: string
  readonly operation: Operation
  readonly event: Event
  readonly record: string | undefined
  readonly rev?: number
}

/**
 * Groups the uses of keys by device and key, one use per operation: what the device stored, and
 * requests that carry exactly one key and one operation.
 */
function keyUses(history: History): ReadonlyMap<string, readonly KeyUse[]> {
  const uses: KeyUse[] = []
  for (const event of history.events) {
    const use = useIn(event)
    const operation = use && history.operation(use.opId)
    if (operation?.device !== event.node || !use) continue
    uses.push({ record: recordOf(operation), ...use, operation, event })
  }
  const byKey = groupBy(uses, ({ event, key }) => `${event.node} ${key}`)
  return new Map(
    [...byKey].map(([name, ofKey]) => [
      name,
      [...new Map(ofKey.toReversed().map((use) => [use.operation, use])).values()].toReversed(),
    ]),
  )
}

function useIn(
  event: Event,
): { opId: string; key: string; record?: string; rev?: number } | undefined {
  if (event.type === 'localCommit') {
    const { opId, key, rev } = event
    return { opId, key, rev, record: recordName(event) }
  }
  if (event.type !== 'request') return undefined
  const [about, ...otherKeys] = event.about ?? []
  const [opId, ...otherOps] = event.opIds
  const isLone = otherKeys.length + otherOps.length === 0
  return about && opId !== undefined && isLone ? { opId, key: about.key } : undefined
}

/** Returns true if the uses may be different revisions of one record. */
function areRevisions(first: KeyUse, other: KeyUse): boolean {
  return first.record === other.record && (first.rev === undefined || first.rev !== other.rev)
}

/** Only the server's report shows that it took one write for a repetition of another. */
function unknownSwallow(history: History): string | undefined {
  if (!tellsHoldings(history)) return undefined
  const swallowed = history.operations.find(
    (operation) =>
      operation.commits.length === 0 &&
      successOf(operation) !== undefined &&
      history.operations.some(
        (other) =>
          other !== operation &&
          other.device === operation.device &&
          other.commits.length > 0 &&
          other.keys.some((key) => operation.keys.includes(key)),
      ),
  )
  return (
    swallowed &&
    `whether the server took ${describeOperation(swallowed)} for a repetition of another write under its key cannot be told`
  )
}

function sharedKey(first: KeyUse, other: KeyUse): Finding {
  return {
    message: `${describeOperation(first.operation)} and ${describeOperation(other.operation)} share the idempotency key ${first.key}: the server cannot tell them apart`,
    opIds: [first.operation.opId, other.operation.opId],
    evidence: evidence(first.event, other.event),
  }
}

/**
 * Finds a write that never took effect, since the server took it for a repetition of another one
 * under the same key, and that its app counts as done.
 */
function swallow(history: History, operation: Operation): Finding | undefined {
  const { opId, commits, outcomes } = operation
  if (commits.length > 0) return undefined
  const decision = outcomes.find((one) => one.outcome === 'duplicate' && one.opId === opId)
  const belief = successOf(operation)
  if (decision?.key === undefined || !belief) return undefined
  const original = history
    .of('serverCommit')
    .find((commit) => commit.key === decision.key && commit.opId !== undefined)
  const other = original && history.operation(original.opId)
  if (!other || other === operation) return undefined
  return {
    message: `the server took ${describeOperation(operation)} for a repetition of ${describeOperation(other)} ${when(decision)}, since both came under the idempotency key ${decision.key}; the app counts it as done, and it never took effect`,
    opIds: [other.opId, opId],
    evidence: evidence(original, decision, belief),
  }
}
