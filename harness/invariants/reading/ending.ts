import type { EventOf } from '../../core/event.ts'
import type { History } from '../../core/history.ts'
import type { Operation } from '../../core/operation.ts'
import type { RequestTrip } from '../../core/request-trip.ts'
import { cancellations } from './cancellations.ts'
import { recordName, recordOf, screenOf } from './screen.ts'

const known = new WeakMap<History, Endings>()

export function endingsOf(history: History): Endings {
  const found = known.get(history) ?? new Endings(history)
  known.set(history, found)
  return found
}

/** When a write was over for its own device: acknowledged, told to the person, taken back, or seen coming back from the server. */
export class Endings {
  readonly #history: History
  readonly #cancelled: ReadonlyMap<string, number>
  readonly #ends = new Map<Operation, number>()

  constructor(history: History) {
    this.#history = history
    this.#cancelled = cancellations(history)
  }

  /** `seq` of the first event that says so; Infinity when none does. */
  end(operation: Operation): number {
    const found = this.#ends.get(operation) ?? this.#find(operation)
    this.#ends.set(operation, found)
    return found
  }

  /**
   * The device may hold the write for over by this event without having said so. A killed device may have applied an answer it could not report any more; and a client
   * that tells no acks may have learnt of whatever the server had decided.
   */
  mayBeOver(operation: Operation, event: { readonly seq: number; readonly t: number }): boolean {
    if (this.end(operation) < event.seq) return true
    const { commits, outcomes, invoke, device } = operation
    if (commits.length + outcomes.length === 0) return false
    const tellsAcks = this.#history.head.client.capabilities.outbox
    if (
      !tellsAcks &&
      [...commits, ...outcomes].some(
        (made) => made.t <= event.t || ('recovered' in made && made.recovered),
      )
    )
      return true
    return this.#history
      .of('crash', device)
      .some(
        (crash) =>
          crash.seq > invoke.seq && crash.seq < event.seq && this.#mayHaveLearnt(operation, crash),
      )
  }

  #find(operation: Operation): number {
    const { acks, settled, commits, device, op } = operation
    const said = [acks[0]?.seq, settled?.seq, this.#cancelled.get(op)]
    const record = recordOf(operation)
    const least = commits[0]?.version
    if (least !== undefined) {
      const pulled = this.#history
        .of('cursorSaved', device)
        .find((page) => page.rows.some((row) => recordName(row) === record && row.version >= least))
      said.push(pulled?.seq)
    }
    if (!this.#history.head.client.capabilities.outbox) {
      const shown = this.#history.of('view', device).find((view) =>
        screenOf(view)
          .rowsOf(op)
          .some(({ status }) => status === 'sent'),
      )
      said.push(shown?.seq)
    }
    return Math.min(
      Number.POSITIVE_INFINITY,
      ...said.flatMap((seq) => (seq === undefined ? [] : [seq])),
    )
  }

  /** An answer that settles the write, to a push or (once committed) to a pull, may have come in just before the death. */
  #mayHaveLearnt(operation: Operation, crash: EventOf<'crash'>): boolean {
    const answered = ({ request, response }: RequestTrip) =>
      request.seq < crash.seq &&
      (!response ||
        response.seq > crash.seq ||
        (response.outcome === 'response' && (response.status ?? 200) < 300))
    const decided = (trip: RequestTrip) =>
      operation.outcomes.some(({ req }) => req === undefined || req === trip.req)
    if (
      operation.requests.some(
        (trip) => answered(trip) && (decided(trip) || operation.commits.length > 0),
      )
    )
      return true
    if (operation.commits.length === 0) return false
    const sent = operation.requests[0]?.request.seq ?? operation.invoke.seq
    const reported =
      this.#history.of('cursorSaved', operation.device).findLast((page) => page.seq < crash.seq)
        ?.seq ?? 0
    return this.#history.requests.some(
      (trip) =>
        trip.device === operation.device &&
        trip.request.ops.length === 0 &&
        !trip.request.about?.length &&
        trip.request.seq > sent &&
        answered(trip) &&
        (trip.response === undefined || trip.response.seq > reported),
    )
  }
}

/** From when on the client is held to a write: it is on disk, or the person was told that it is taken. */
export function begun({
  localCommit,
  saved,
}: Operation): EventOf<'localCommit'> | EventOf<'saved'> | undefined {
  if (!localCommit || !saved) return localCommit ?? saved
  return localCommit.seq < saved.seq ? localCommit : saved
}
