import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, isOwed, type Operation } from '../core/operation.ts'
import { isFailure } from '../core/request-failure.ts'
import type { RequestTrip } from '../core/request-trip.ts'
import { spanText } from '../core/time.ts'
import { isAskedFor } from './reading/asked-for.ts'
import { type BusyMinute, busiestMinute } from './reading/busiest-minute.ts'
import { completionsOf } from './reading/completion.ts'
import { fruitlessRequests } from './reading/fruitless.ts'
import { evidence } from './reading/judgement.ts'
import { sendingCost } from './reading/sending-cost.ts'
import { countUpTo, sorted } from './reading/sorted-numbers.ts'
import { moment } from './reading/wording.ts'

/** Two requests a second that bring nothing are too many for any phone. */
const FRUITLESS_PER_MINUTE = 120

/**
 * Two bounds, on every minute. A device sends at most two requests a second that bring nothing, for
 * each of its waiting writes; polls count as well. If the client declares its backoff, a write is
 * tried without success at most as often as waits that grow slowly allow (by `initial` each time,
 * up to `cap`, each cut in half by chance), twice over. Whatever may reset the waits (a start, a
 * change of the network or of power, an action, an ack) allows as many attempts again.
 *
 * Attempts are counted where they are made, so those without a connection count too. An attempt for
 * which the server asked, by Retry-After, is never too early.
 */
export default {
  id: 'RETRY-BOUND',
  promise: 'The app waits longer and longer between attempts, and never hammers at the server.',
  needs: () => undefined,
  check(history) {
    const fruitless = fruitlessRequests(history)
    const findings = history.devices.flatMap((device) => [
      ...storm(history, device, fruitless.get(device) ?? []),
      ...haste(history, device),
    ])
    return {
      judged: history.requests.length,
      findings,
      ...figureOf(history),
    }
  },
} satisfies Invariant

/** Finds a minute with too many requests that brought nothing. */
function storm(history: History, device: string, fruitless: readonly RequestTrip[]): Finding[] {
  if (fruitless.length <= FRUITLESS_PER_MINUTE) return []
  const waiting = waitingWrites(history, device)
  const minute = busiestMinute(
    fruitless,
    ({ request }) => request.t,
    (first, last) =>
      FRUITLESS_PER_MINUTE * Math.max(1, waiting(first.request), waiting(last.request)),
  )
  if (!minute) return []
  return [
    {
      message: `${device}'s app sent ${minute.count} requests ${between(minute)} that brought nothing: the bound is ${minute.bound} a minute, two a second for each waiting write`,
      opIds: [],
      evidence: evidence(minute.first.request, minute.last.request),
    },
  ]
}

/** Returns a function that counts the device's writes that wait at an event, or may wait. */
function waitingWrites(
  history: History,
  device: string,
): (event: { readonly seq: number }) => number {
  const writes = history.operations.filter(
    (operation) => operation.device === device && isOwed(operation),
  )
  const begun = sorted(writes.map(({ invoke }) => invoke.seq))
  const ended = sorted(writes.map((write) => completionsOf(history).seqOf(write)))
  return ({ seq }) => countUpTo(begun, seq) - countUpTo(ended, seq)
}

/** Finds the write that was tried most above the declared backoff. */
function haste(history: History, device: string): Finding[] {
  const { backoff } = history.head.client.capabilities
  if (!backoff) return []
  const allowed = attemptsPerMinute(backoff)
  const resets = resetTimes(history, device)
  let worst: { operation: Operation; minute: BusyMinute<RequestTrip> } | undefined
  for (const operation of history.operations) {
    if (operation.device !== device) continue
    const own = operation.requests.filter((trip) => trip.device === device)
    const failed = own.filter((trip, i) => hasFailed(trip) && !isAskedFor(trip, own[i - 1]))
    const minute = busiestMinute(
      failed,
      ({ request }) => request.t,
      (first, last) =>
        allowed * (1 + countUpTo(resets, last.request.t) - countUpTo(resets, first.request.t - 1)),
    )
    if (minute && (!worst || minute.count > worst.minute.count)) worst = { operation, minute }
  }
  if (!worst) return []
  const { operation, minute } = worst
  const waits = `${spanText(backoff.initial)}, growing to ${spanText(backoff.cap)}`
  return [
    {
      message: `${describeOperation(operation)} was tried ${minute.count} times without success ${between(minute)}; the declared backoff (${waits}) allows ${minute.bound} at the very most`,
      opIds: [operation.opId],
      evidence: evidence(minute.first.request, minute.last.request),
    },
  ]
}

const hasFailed = ({ response }: RequestTrip) =>
  isFailure(response?.outcome) || (response?.status ?? 200) >= 300

const between = ({ first, last }: BusyMinute<RequestTrip>) =>
  `between ${moment(first.request)} and ${moment(last.request)}`

function attemptsPerMinute({ initial, cap }: { initial: number; cap: number }): number {
  let attempts = 1
  for (let waitedMs = 0; waitedMs < 60_000; attempts++)
    waitedMs += Math.max(1, Math.min(cap, initial * attempts) / 2)
  return 2 * attempts
}

/** The times at which something may have reset the device's waits, in order. */
function resetTimes(history: History, device: string): number[] {
  const types = ['start', 'connectivity', 'doze', 'invoke', 'ackApplied'] as const
  return sorted(types.flatMap((type) => history.of(type, device).map(({ t }) => t)))
}

/** Returns what sending a write costs, and how often it is tried again while it waits. */
function figureOf(history: History): { figure?: string } {
  const parts = [sendingCost(history), retryRate(history)].filter((part) => part !== undefined)
  return parts.length > 0 ? { figure: parts.join('; ') } : {}
}

/** Measures how often a write is tried again while it waits, over all writes. */
function retryRate(history: History): string | undefined {
  let [retries, waitedMs] = [0, 0]
  for (const operation of history.operations) {
    const { requests, invoke } = operation
    if (requests.length === 0) continue
    retries += requests.length - 1
    waitedMs += Math.max(0, endOf(history, operation) - invoke.t)
  }
  if (waitedMs === 0) return undefined
  return `${Math.round((retries * 3_600_000) / waitedMs)} retries per waiting write and hour`
}

/** The time at which the write was complete, or else that of its last request or of the reading. */
function endOf(history: History, operation: Operation): number {
  const { request, response } = operation.requests.at(-1) ?? {}
  // The `seq` of an event is its place in the history.
  const completed = history.events[completionsOf(history).seqOf(operation)]?.t
  return completed ?? history.phase('read')?.t ?? response?.t ?? request?.t ?? 0
}
