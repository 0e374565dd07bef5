import type { EventOf } from '../../core/event.ts'
import type { History } from '../../core/history.ts'
import type { Operation } from '../../core/operation.ts'
import type { RequestTrip } from '../../core/request-trip.ts'
import { cancellations } from './cancellations.ts'
import { tellsHoldings } from './holdings.ts'
import { oncePerHistory } from './once-per-history.ts'
import { recordName, recordOf } from './record-name.ts'
import { isReplaced, mayGoOnTelling } from './responses.ts'
import { screenOf } from './screen.ts'
import { carriersOf } from './sending.ts'

/**
 * Computes when each write was complete for its own device: acknowledged, reported to the user as
 * settled, cancelled, shown as lost to a conflict, or received again from the server.
 */
export class Completions {
  readonly #history: History
  readonly #cancelled: ReadonlyMap<string, number>
  readonly #seqs = new Map<Operation, number>()

  constructor(history: History) {
    this.#history = history
    this.#cancelled = cancellations(history)
  }

  /** The `seq` of the first event that completes the write; Infinity if none does. */
  seqOf(operation: Operation): number {
    const known =
      this.#seqs.get(operation) ??
      firstSeq([...this.#reportedSeqs(operation), this.#pullOf(operation)?.seq])
    this.#seqs.set(operation, known)
    return known
  }

  /**
   * The same for what the app itself can know. A page with a later version, or with a deletion,
   * does not show it that its own write came before, unless it had got a response to that.
   */
  knownSeqOf(operation: Operation): number {
    const page = this.#pullOf(operation)
    const isTelling = page !== undefined && this.#tellsOf(page, operation)
    return firstSeq([...this.#reportedSeqs(operation), isTelling ? page.seq : undefined])
  }

  #tellsOf(page: EventOf<'cursorSaved'>, operation: Operation): boolean {
    const [commit] = operation.commits
    const isOwn = page.rows.some(
      (row) => recordName(row) === recordOf(operation) && row.version === commit?.version,
    )
    const isAnswered = operation.requests.some(
      (trip) =>
        trip.response?.outcome === 'response' &&
        trip.response.seq < page.seq &&
        trip.outcomes.length > 0 &&
        !isReplaced(trip),
    )
    return isOwn || isAnswered
  }

  /**
   * Returns true if the write was complete before this event, or may have been complete without a
   * report: a killed device may have applied a response that it could no longer report, and a
   * client that reports no acks may have received any decision that the server had made by then.
   * Each response of a server that tells holdings only may contain a decision.
   */
  mayBeComplete(operation: Operation, by: { readonly seq: number; readonly t: number }): boolean {
    if (this.seqOf(operation) < by.seq) return true
    const decisions = [
      ...operation.commits,
      ...operation.outcomes,
      ...this.#unreportedDecisions(operation),
    ]
    if (!operation.commitsKnown && !this.#reportsAcks) return true
    if (decisions.length === 0) return false
    if (!this.#reportsAcks && decisions.some((one) => one.t <= by.t || isRecovered(one)))
      return true
    return this.#history
      .of('crash', operation.device)
      .some(
        (crash) =>
          crash.seq > operation.invoke.seq &&
          crash.seq < by.seq &&
          this.#mayHaveLearnt(operation, crash),
      )
  }

  #unreportedDecisions(operation: Operation): EventOf<'serverResponded'>[] {
    if (!tellsHoldings(this.#history)) return []
    return carriersOf(this.#history, operation).flatMap(({ responded }) => responded ?? [])
  }

  get #reportsAcks(): boolean {
    return this.#history.head.client.capabilities.outbox
  }

  /** The `seq` of each event by which the app itself or its user completes the write. */
  #reportedSeqs(operation: Operation): (number | undefined)[] {
    const { acks, settled, opId } = operation
    return [
      acks[0]?.seq,
      settled?.seq,
      this.#cancelled.get(opId),
      this.#conflictCopyOf(operation)?.seq,
      this.#reportsAcks ? undefined : this.#checkIconOf(operation)?.seq,
    ]
  }

  /** The first page of changes that brought the write, or a later version, back to its device. */
  #pullOf(operation: Operation): EventOf<'cursorSaved'> | undefined {
    const record = recordOf(operation)
    const version = operation.commits[0]?.version
    if (version === undefined) return undefined
    return this.#history
      .of('cursorSaved', operation.device)
      .find(({ rows }) => rows.some((row) => recordName(row) === record && row.version >= version))
  }

  /** The first screen that shows the write among the edits that lost a conflict. */
  #conflictCopyOf({ opId, device }: Operation): EventOf<'view'> | undefined {
    if (!this.#history.head.client.capabilities.conflicts) return undefined
    return this.#history.of('view', device).find((view) => screenOf(view).inConflicts(opId))
  }

  #checkIconOf({ opId, device }: Operation): EventOf<'view'> | undefined {
    return this.#history.of('view', device).find((view) =>
      screenOf(view)
        .rowsOf(opId)
        .some(({ status }) => status === 'sent'),
    )
  }

  /**
   * Returns true if the device may have received the server's decision just before it died: in the
   * response to a push, or (once the write was committed) in the response to a pull, or on a
   * connection on which the server can say anything.
   */
  #mayHaveLearnt(operation: Operation, crash: EventOf<'crash'>): boolean {
    const isCommitted = operation.commits.length > 0
    const mayBeDecided = isCommitted || operation.requests.some(({ received }) => received)
    const hears = (trip: RequestTrip) =>
      trip.device === operation.device && mayGoOnTelling(trip, crash.seq)
    if (mayBeDecided && this.#history.requests.some(hears)) return true
    const wasDecided = ({ requestId, responded }: RequestTrip) =>
      (responded !== undefined && tellsHoldings(this.#history)) ||
      operation.outcomes.some(
        (outcome) => outcome.requestId === undefined || outcome.requestId === requestId,
      )
    const byPush = operation.requests.some(
      (trip) => mayBeAnswered(trip, crash) && (isCommitted || wasDecided(trip)),
    )
    return byPush || (isCommitted && this.#mayHavePulled(operation, crash))
  }

  #mayHavePulled({ device, requests, invoke }: Operation, crash: EventOf<'crash'>): boolean {
    const sentSeq = requests[0]?.request.seq ?? invoke.seq
    const lastPage = this.#history
      .of('cursorSaved', device)
      .findLast((page) => page.seq < crash.seq)
    const reportedSeq = lastPage?.seq ?? 0
    return this.#history.requests.some(
      (trip) =>
        trip.device === device &&
        trip.request.opIds.length === 0 &&
        !trip.request.about?.length &&
        trip.request.seq > sentSeq &&
        mayBeAnswered(trip, crash) &&
        (trip.response === undefined || trip.response.seq > reportedSeq),
    )
  }
}

const firstSeq = (seqs: readonly (number | undefined)[]) =>
  Math.min(Number.POSITIVE_INFINITY, ...seqs.filter((seq) => seq !== undefined))

/** Returns true unless the request failed, or was answered with an error, before the crash. */
function mayBeAnswered({ request, response }: RequestTrip, crash: EventOf<'crash'>): boolean {
  if (request.seq >= crash.seq) return false
  if (!response || response.seq > crash.seq) return true
  return response.outcome === 'response' && (response.status ?? 200) < 300
}

/** Returns the history's {@link Completions}, the same object each time. */
export const completionsOf = oncePerHistory((history) => new Completions(history))

const isRecovered = (event: EventOf<'serverCommit' | 'serverOutcome' | 'serverResponded'>) =>
  'recovered' in event && event.recovered === true

/**
 * The event that makes the client responsible for a write: the write is on disk, or the client
 * confirmed it to the user.
 */
export function acceptanceOf({
  localCommit,
  saved,
}: Operation): EventOf<'localCommit'> | EventOf<'saved'> | undefined {
  if (!localCommit || !saved) return localCommit ?? saved
  return localCommit.seq < saved.seq ? localCommit : saved
}
