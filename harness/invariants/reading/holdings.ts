import type { EventOf } from '../../core/event.ts'
import type { History } from '../../core/history.ts'
import type { Operation } from '../../core/operation.ts'
import { recordName, recordOf } from './record-name.ts'
import { removedRecord } from './removals.ts'
import { carriersOf } from './sending.ts'

type Commit = EventOf<'serverCommit'>

/** Returns true if the server does not report its writes: its commits are derived from dumps. */
export const tellsHoldings = ({ head }: History): boolean => head.server.tells === 'holdings'

/** The events between which the server may have carried out a request, without reporting it. */
interface Span {
  readonly fromSeq: number
  readonly toSeq: number
}

/** The response of the server, by its own word, that reports success for the operation. */
export function successOnServer(
  history: History,
  operation: Operation,
): EventOf<'serverResponded'> | undefined {
  const carriers = carriersOf(history, operation)
  return carriers.find(({ responded }) => responded && responded.status < 300)?.responded
}

/** Returns true if the server may have decided on a write without a report, by its response. */
export function mayBeDecidedUnreported(history: History, { requests }: Operation): boolean {
  return tellsHoldings(history) && requests.some(({ responded }) => responded)
}

/**
 * Returns the commits that may hide the effect of an operation which no dump showed: changes of the
 * same record, or of contents without a marker, that were found together with it.
 */
export function coversOf(history: History, operation: Operation): Commit[] {
  const spans = spansOf(history, operation)
  if (spans.length === 0) return []
  const names = namesOnServer(history, recordOf(operation))
  const { action } = operation
  const collection = 'collection' in action ? action.collection : undefined
  return history
    .of('serverCommit')
    .filter(
      (commit) =>
        isWithin(spans, commit.seq) &&
        history.operationOf(commit) !== operation &&
        (names.has(recordName(commit)) || isUnmarked(commit, collection)),
    )
}

/**
 * Returns true if the operation may have taken effect although no dump showed it: another write, or
 * a deletion that leaves no trace, came before the next dump.
 */
export function mayBeHidden(history: History, operation: Operation): boolean {
  if (history.requests.length === 0 || coversOf(history, operation).length > 0) return true
  const spans = spansOf(history, operation)
  const record = recordOf(operation)
  return history.operations.some(
    (other) =>
      other !== operation &&
      removedRecord(history, other) === record &&
      spansOf(history, other).some(
        ({ fromSeq, toSeq }) => isWithin(spans, fromSeq) || isWithin(spans, toSeq),
      ),
  )
}

/** Commits of one reading of a dump have no order among themselves. */
export function areOfOneDump(history: History, one: Commit, other: Commit): boolean {
  if (!one.derived || !other.derived) return false
  const [fromSeq, toSeq] = [Math.min(one.seq, other.seq), Math.max(one.seq, other.seq)]
  return !(['serverResponded', 'serverState', 'start', 'crash'] as const).some((type) =>
    history.of(type, 'server').some(({ seq }) => seq > fromSeq && seq < toSeq),
  )
}

/** Returns true if the record was deleted, or not there, when the event happened. */
export function wasAbsent(
  history: History,
  record: string | undefined,
  { seq }: { readonly seq: number },
): boolean {
  const last = history
    .of('serverCommit')
    .findLast((commit) => commit.seq < seq && recordName(commit) === record)
  return !last || last.write === 'delete'
}

/** From each receipt of the operation to the dump that must show what came of it. */
function spansOf(history: History, operation: Operation): Span[] {
  const isObserved = history.of('serverReceived').length > 0
  return carriersOf(history, operation).flatMap(({ request, received, responded, response }) => {
    if (isObserved && !received) return []
    const fromSeq = received?.seq ?? request.seq
    // A server that has only accepted the request may carry it out at any time.
    const answer = responded ?? (isObserved ? undefined : response)
    const isDone = answer !== undefined && answer.status !== 202
    const toSeq = isDone ? answer.seq : endWithoutResponse(history, fromSeq, answer !== undefined)
    return [{ fromSeq, toSeq }]
  })
}

/** A server that died while it handled a request is read at its next start. */
function endWithoutResponse(history: History, fromSeq: number, isAnswered: boolean): number {
  const death = history.of('crash', 'server').find(({ seq }) => seq > fromSeq)
  const start = death && history.of('start', 'server').find(({ seq }) => seq > death.seq)
  if (isAnswered || !start) return Number.POSITIVE_INFINITY
  const ends = [...history.of('serverResponded'), ...history.of('serverState')]
  return Math.min(
    Number.POSITIVE_INFINITY,
    ...ends.filter(({ seq }) => seq > start.seq).map(({ seq }) => seq),
  )
}

const isWithin = (spans: readonly Span[], seq: number) =>
  spans.some(({ fromSeq, toSeq }) => seq >= fromSeq && seq <= toSeq)

const isUnmarked = ({ write, opId, collection }: Commit, of: string | undefined) =>
  write !== 'delete' && opId === undefined && collection === of

/** The names under which the server's dump shows a record: its own, and those with its markers. */
function namesOnServer(history: History, record: string | undefined): ReadonlySet<string> {
  const names = new Set(record === undefined ? [] : [record])
  for (const commit of history.of('serverCommit')) {
    const operation = history.operation(commit.opId)
    if (operation && recordOf(operation) === record) names.add(recordName(commit))
  }
  return names
}
