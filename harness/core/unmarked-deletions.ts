import type { Action } from './action.ts'
import type { EventOf } from './event.ts'
import type { Events } from './events.ts'
import type { Scenario } from './scenario.ts'

/** A decision of the server on one write. */
type Decision = EventOf<'serverCommit'> | EventOf<'serverOutcome'>

interface Input extends Events {
  readonly head: { readonly scenario: Pick<Scenario, 'devices'> }
  readonly requests: readonly {
    readonly request: EventOf<'request'>
    readonly received?: EventOf<'serverReceived'>
  }[]
}

/** The result of {@link joinUnmarkedDeletions}. */
export interface UnmarkedDeletions {
  readonly opIdOf: ReadonlyMap<Decision, string>
  /** The operations that some unmarked decision may or may not belong to. */
  readonly uncertain: ReadonlySet<string>
}

/** An operation that may delete a record: a deletion, or the cancellation of a creation. */
interface Candidate {
  readonly opId: string
  readonly device: string
  readonly user: string
  readonly invokedSeq: number
  /** The record's name, with its collection. */
  readonly record: string
}

/** The decisions on one unmarked deletion: those under one key, or a single one without a key. */
interface Unmarked {
  readonly decisions: readonly Decision[]
  /** True if the deletion took effect. */
  readonly isEffect: boolean
  readonly candidates: readonly Candidate[]
}

/**
 * Joins the server's deletions to operations where neither a marker nor a key does: by the user who
 * made them, the record, and the order. A deletion carries no marker, and a client need not say
 * which key it uses.
 *
 * A deletion with several possible operations is left alone, and these become uncertain: an
 * operation without a commit of its own may have taken effect all the same.
 *
 * A deletion that was derived from a dump names no user: its row may still carry its creator's
 * name. It may be any operation that the server had received by then.
 *
 * @param opIdOf returns the operation that a marker or a key shows already
 * @param opIdOfKey returns the operation of a key, if it is known
 */
export function joinUnmarkedDeletions(
  history: Input,
  opIdOf: (decision: Decision) => string | undefined,
  opIdOfKey: (key: string) => string | undefined,
): UnmarkedDeletions {
  const deletions = decisionsOf(history).filter(({ write }) => write === 'delete')
  const unmarked = deletions.filter((decision) => opIdOf(decision) === undefined)
  const joined = new Map<Decision, string>()
  if (unmarked.length === 0) return { opIdOf: joined, uncertain: new Set() }

  const done = new Set(
    deletions.flatMap((one) => (one.type === 'serverCommit' ? (opIdOf(one) ?? []) : [])),
  )
  const candidates = candidatesOf(history).filter(({ opId }) => !done.has(opId))
  const groups = unmarkedOf(history, unmarked, candidates, opIdOfKey)
  const certain = certainOnes(groups)
  for (const [{ decisions }, opId] of certain)
    for (const decision of decisions) joined.set(decision, opId)
  const found = new Set(certain.values())
  const uncertain = groups
    .flatMap((group) => group.candidates.map(({ opId }) => opId))
    .filter((opId) => !found.has(opId))
  return { opIdOf: joined, uncertain: new Set(uncertain) }
}

function decisionsOf(history: Events): Decision[] {
  return [...history.of('serverCommit'), ...history.of('serverOutcome')]
}

function candidatesOf(history: Input): Candidate[] {
  const users = new Map(history.head.scenario.devices.map((device) => [device.name, device.user]))
  const invokes = history.of('invoke')
  const actions = new Map<string, Action>(invokes.map(({ opId, action }) => [opId, action]))
  const refused = new Set(history.of('refused').map(({ opId }) => opId))
  return invokes.flatMap(({ opId, action, node, seq }) => {
    const target = action.type === 'cancel' ? actions.get(action.target) : action
    const deletes = action.type === 'delete' || (action.type === 'cancel' && target !== action)
    if (!deletes || refused.has(opId) || !target || !('record' in target)) return []
    if (action.type === 'cancel' && target.type !== 'create') return []
    const user = users.get(node) ?? node
    return [{ opId, device: node, user, invokedSeq: seq, record: nameOf(target) }]
  })
}

function unmarkedOf(
  history: Input,
  unmarked: readonly Decision[],
  candidates: readonly Candidate[],
  opIdOfKey: (key: string) => string | undefined,
): Unmarked[] {
  const byKey = new Map<string, Decision[]>()
  const groups: Decision[][] = []
  for (const decision of unmarked.toSorted((a, b) => a.seq - b.seq)) {
    const known = decision.key === undefined ? undefined : byKey.get(decision.key)
    if (known) known.push(decision)
    else {
      const group = [decision]
      groups.push(group)
      if (decision.key !== undefined) byKey.set(decision.key, group)
    }
  }
  const mayBe = possibleOrigin(history, opIdOfKey)
  return groups.map((decisions) => ({
    decisions,
    isEffect: decisions.some(({ type }) => type === 'serverCommit'),
    candidates: candidates.filter((one) => decisions.every((decision) => mayBe(decision, one))),
  }))
}

/** Returns a test for whether a decision may be about an operation. */
function possibleOrigin(
  history: Input,
  opIdOfKey: (key: string) => string | undefined,
): (decision: Decision, candidate: Candidate) => boolean {
  const users = new Set(history.head.scenario.devices.map(({ user }) => user))
  const deviceOfKey = new Map<string, string>()
  const deviceOfRequest = new Map<string, string>()
  for (const { request } of history.requests) {
    deviceOfRequest.set(request.requestId, request.node)
    for (const { key } of request.about ?? []) deviceOfKey.set(key, request.node)
  }
  const recordsOf = namesOnServer(history)
  const isObserved = history.of('serverReceived').length > 0
  const mayHaveReceived = ({ opId, device, invokedSeq }: Candidate, by: number) =>
    !isObserved ||
    history.requests.some(
      ({ request: { node, seq, method, about }, received }) =>
        node === device &&
        seq > invokedSeq &&
        received !== undefined &&
        received.seq < by &&
        !['GET', 'HEAD'].includes(method.toUpperCase()) &&
        (about === undefined || about.some(({ key }) => (opIdOfKey(key) ?? opId) === opId)),
    )
  return (decision, candidate) => {
    const { device, user, invokedSeq, record } = candidate
    const isDerived = decision.type === 'serverCommit' && decision.derived === true
    const { key, author, seq } = decision
    const requestId = 'requestId' in decision ? decision.requestId : undefined
    const sender =
      (key === undefined ? undefined : deviceOfKey.get(key)) ??
      (requestId === undefined ? undefined : deviceOfRequest.get(requestId))
    const records = recordsOf.get(nameOf(decision))
    return (
      invokedSeq < seq &&
      (sender === undefined || sender === device) &&
      (isDerived
        ? mayHaveReceived(candidate, seq)
        : author === undefined || !users.has(author) || author === user) &&
      (records === undefined || records.has(record))
    )
  }
}

/**
 * Returns the records that each name of the server stands for: the record of that name, and those
 * whose markers the server reported under it. A name that is not there may be any record.
 */
function namesOnServer(history: Events): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>()
  const add = (name: string, record: string) => {
    const records = names.get(name) ?? new Set()
    names.set(name, records.add(record))
  }
  const recordOfOp = new Map<string, string>()
  for (const { opId, action } of history.of('invoke')) {
    if (!('record' in action)) continue
    add(nameOf(action), nameOf(action))
    recordOfOp.set(opId, nameOf(action))
  }
  for (const decision of decisionsOf(history)) {
    const record = decision.opId === undefined ? undefined : recordOfOp.get(decision.opId)
    if (record !== undefined) add(nameOf(decision), record)
  }
  return names
}

/**
 * Joins what has one possibility only, also by elimination; and as many effects as there are
 * operations of one device, in their order. A repeated decision without an effect (the record is
 * deleted already) may belong to an operation that has one.
 */
function certainOnes(groups: readonly Unmarked[]): Map<Unmarked, string> {
  const certain = new Map<Unmarked, string>()
  const taken = new Set<string>()
  const join = (group: Unmarked, { opId }: Candidate) => {
    certain.set(group, opId)
    taken.add(opId)
  }
  const effects = groups.filter(({ isEffect }) => isEffect)
  const optionsOf = ({ candidates }: Unmarked) => candidates.filter(({ opId }) => !taken.has(opId))
  const open = () => effects.filter((group) => !certain.has(group))
  for (let before = -1; before < taken.size; ) {
    before = taken.size
    for (const group of open()) {
      const [only, ...others] = optionsOf(group)
      if (only && others.length === 0) join(group, only)
    }
  }
  for (const group of open()) {
    const options = optionsOf(group)
    const isSame = (other: Unmarked) =>
      optionsOf(other).length === options.length &&
      optionsOf(other).every((one, i) => one === options[i])
    const alike = open().filter(isSame)
    const isOneDevice = new Set(options.map(({ device }) => device)).size === 1
    if (!isOneDevice || alike.length !== options.length) continue
    for (const [i, one] of alike.entries()) join(one, options[i] as Candidate)
  }
  for (const group of groups) {
    const [only, ...others] = group.candidates
    if (!group.isEffect && only && others.length === 0) certain.set(group, only.opId)
  }
  return certain
}

const nameOf = ({ collection, record }: { readonly collection: string; readonly record: string }) =>
  `${collection}/${record}`
