import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { askedOf } from './reading/asked.ts'
import { acceptanceOf } from './reading/completion.ts'
import { tookEffect, unknownEffect } from './reading/effects.ts'
import { tellsHoldings } from './reading/holdings.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { recordName, recordOf } from './reading/record-name.ts'
import { hadTimeToRecover } from './reading/recovery-time.ts'
import { isReplaced, mayGoOnTelling, mayTell } from './reading/responses.ts'
import { finalScreen } from './reading/screen.ts'
import { isSuccess } from './reading/success.ts'
import { when } from './reading/wording.ts'
import { writeChains } from './reading/write-chains.ts'

type View = EventOf<'view'>

/**
 * Checks 'sent' against the commits of the whole history, since timestamps on two nodes prove no
 * order; and against the responses that the device had received: a check icon before any of them
 * could tell is a guess, even a right one.
 *
 * A failure icon may belong to the write whose text the row shows, or to a later write of the
 * device to the record: a deletion that was refused leaves the text there. So it is false only if
 * none of these can have failed. It is checked against what the device knew: if the response was
 * lost, the app may not know that the write was committed. At the end it must know, if it had any
 * news of the write. LIVENESS checks that a clock icon disappears in time.
 */
export default {
  id: 'STATUS-TRUTH',
  promise:
    'A check icon means that the server has it; a failure icon means that it is not on its way and not known to have arrived.',
  needs: ({ statuses }) => (statuses ? undefined : 'the client shows no statuses'),
  check(history) {
    let judged = 0
    let undecided: string | undefined
    const findings: Finding[] = []
    const chains = chainsOf(history)
    for (const device of history.devices) {
      const icons = iconsOf(history, device)
      judged += icons.sent.size + icons.failed.size
      for (const [operation, view] of icons.sent) {
        const effect = tookEffect(history, operation)
        if (effect === false) findings.push(neverArrived(operation, view))
        else if (isGuess(history, operation, view)) findings.push(guessed(operation, view))
        if (effect === undefined) undecided ??= unknownEffect(operation)
      }
      for (const [operation, views] of icons.failed) {
        const chain = chains.get(`${device} ${recordOf(operation)}`) ?? []
        for (const view of views) {
          const finding = falselyFailed(history, ownersOf(operation, chain, view), view)
          if (!finding) undecided ??= unexplainedFailure(history, operation, view)
          if (!finding) continue
          findings.push(finding)
          break
        }
      }
    }
    return judgement(judged, findings, undecided)
  },
} satisfies Invariant

interface Icons {
  /** The operations shown with a check icon, each with the first such screen. */
  readonly sent: ReadonlyMap<Operation, View>
  /** The operations shown with a failure icon, each with all such screens. */
  readonly failed: ReadonlyMap<Operation, readonly View[]>
}

function iconsOf(history: History, device: string): Icons {
  const sent = new Map<Operation, View>()
  const failed = new Map<Operation, View[]>()
  for (const view of history.of('view', device)) {
    for (const { opId, status } of view.view.rows) {
      const operation = history.operation(opId)
      if (!operation) continue
      if (status === 'sent' && !sent.has(operation)) sent.set(operation, view)
      if (status !== 'failed') continue
      const views = failed.get(operation) ?? []
      views.push(view)
      failed.set(operation, views)
    }
  }
  return { sent, failed }
}

/** The accepted writes of each device to each record, oldest first. */
function chainsOf(history: History): ReadonlyMap<string, readonly Operation[]> {
  return new Map(
    writeChains(history).flatMap((chain) => {
      const [first] = chain
      return first ? [[`${first.device} ${recordOf(first)}`, chain] as const] : []
    }),
  )
}

/**
 * The writes that the failure icon of a row may belong to, oldest first: the device's own write
 * that the row shows, and its later writes to the record. If the row shows another device's write,
 * every own one. `chain` has the own writes to the record.
 */
function ownersOf(shown: Operation, chain: readonly Operation[], view: View): Operation[] {
  const known = chain.filter((one) => (acceptanceOf(one)?.seq ?? 0) < view.seq)
  if (shown.device !== view.node) return known
  const at = known.indexOf(shown)
  return at < 0 ? [shown] : known.slice(at)
}

function neverArrived(operation: Operation, view: View): Finding {
  return {
    message: `${view.node}'s screen says 'sent' of ${describeOperation(operation)} ${when(view)}; the server never had it`,
    opIds: [operation.opId],
    evidence: evidence(view),
  }
}

function guessed(operation: Operation, view: View): Finding {
  return {
    message: `${view.node}'s screen says 'sent' of ${describeOperation(operation)} ${when(view)}, before any answer of the server could tell`,
    opIds: [operation.opId],
    evidence: evidence(operation.invoke, view),
  }
}

/**
 * Returns true if the writer's own device had no response yet that could report the write: none to
 * a request that carried it, and none to a pull.
 */
function isGuess(history: History, { opId, device, invoke }: Operation, view: View): boolean {
  // If requests are not observed, the client may know more than the history contains.
  if (device !== view.node || history.of('request', device).length === 0) return false
  return !history.requests.some((trip) => {
    if (trip.device === device && mayGoOnTelling(trip, view.seq)) return true
    const { request, response } = trip
    const isAnswered =
      trip.device === device &&
      response !== undefined &&
      response.seq > invoke.seq &&
      response.seq < view.seq
    const isAbout = request.opIds.length === 0 || request.opIds.includes(opId)
    return isAnswered && isAbout && mayTell(history, trip)
  })
}

/** The reason why a write has not failed, with its proof. */
interface Contradiction {
  readonly why: string
  readonly proof: { readonly seq: number }
}

/** Returns a finding about the newest of these writes if none of them can have failed. */
function falselyFailed(
  history: History,
  owners: readonly Operation[],
  view: View,
): Finding | undefined {
  const contradictions = owners.map((operation) => contradictionOf(history, operation, view))
  const [operation, newest] = [owners.at(-1), contradictions.at(-1)]
  if (!operation || !newest || contradictions.includes(undefined)) return undefined
  return {
    message: `${view.node}'s screen says 'failed' of ${describeOperation(operation)} ${when(view)} although ${newest.why}`,
    opIds: [operation.opId],
    evidence: evidence(newest.proof, view),
  }
}

function contradictionOf(
  history: History,
  operation: Operation,
  view: View,
): Contradiction | undefined {
  const asked = askedOf(history, view)
  const ack = operation.acks.find((event) => event.seq < asked.seq && isSuccess(event))
  if (ack) return { why: `its app had learnt ${when(ack)} that the server has it`, proof: ack }
  // A late view may show any moment since it was asked for, so the request must span it all.
  const open = operation.requests.find(
    ({ request, response }) => request.seq < asked.seq && (!response || response.seq > view.seq),
  )
  if (open) {
    const senderDied = history
      .of('crash', view.node)
      .some((crash) => crash.seq > open.request.seq && crash.seq < view.seq)
    if (!senderDied) return { why: 'a request with it is still under way', proof: open.request }
  }
  return view === finalScreen(history, view.node)?.view
    ? deliveredAfterAll(history, operation, asked)
    : undefined
}

/**
 * The reason for `undecided` if the last screen shows a write as failed that a server has which
 * does not report its decisions: its response may have been a refusal of a repeated attempt.
 */
function unexplainedFailure(
  history: History,
  operation: Operation,
  view: View,
): string | undefined {
  const isFinal = view === finalScreen(history, view.node)?.view
  const isHeld = history.serverState?.rows.some(({ opId }) => opId === operation.opId)
  const isAnswered = operation.requests.some(
    ({ responded, response }) =>
      responded && responded.status < 300 && response?.outcome === 'response',
  )
  return tellsHoldings(history) && isFinal && isHeld && isAnswered
    ? `whether the server refused ${describeOperation(operation)} in the end cannot be told: its response is not recorded`
    : undefined
}

/**
 * The news from which the device must know at the end that its write was committed: the response
 * to a push of it, or a page with the version that it made. Undefined if the server also refused
 * the write, for example a repeated attempt: then that was reported to it.
 */
function deliveredAfterAll(
  history: History,
  operation: Operation,
  asked: { readonly seq: number },
): Contradiction | undefined {
  const [commit] = operation.commits
  const wasRefused = operation.outcomes.some(
    ({ outcome }) => outcome === 'conflict' || outcome === 'rejected',
  )
  if (!commit || wasRefused || !hadTimeToRecover(history)) return undefined
  const answer = operation.requests.find((trip) => {
    const { response, outcomes } = trip
    return (
      response?.outcome === 'response' &&
      (response.status ?? 200) < 300 &&
      !isReplaced(trip) &&
      response.seq < asked.seq &&
      outcomes.some((outcome) => operation.outcomes.includes(outcome))
    )
  })?.response
  const page = history
    .of('cursorSaved', operation.device)
    .find(
      ({ seq, epoch, rows }) =>
        seq < asked.seq &&
        epoch === commit.epoch &&
        rows.some(
          (row) => recordName(row) === recordName(commit) && row.version === commit.version,
        ),
    )
  const [proof, how] = answer ? [answer, 'was answered'] : [page, 'got it back']
  return proof && { why: `the server has it, and its app ${how} ${when(proof)}`, proof }
}
