import type { Capabilities } from '../core/capabilities.ts'
import type { EventOf, ShownRow, ShownView } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Invariant } from '../core/invariant.ts'
import { isWrite, type Operation } from '../core/operation.ts'
import type { InvariantResult } from '../core/result.ts'
import { isSuccessStatus } from '../core/success-status.ts'
import { askedOf } from '../invariants/reading/asked.ts'

type Shown = 'statuses' | 'outbox' | 'cursor' | 'versions' | 'allSynced' | 'conflicts'

/** A capability, as far as a history can tell whether the client has it. */
interface Evidence {
  readonly capability: Shown
  /** The reason, as "the client declares statuses, but …" continues. */
  readonly reason: string
  /** Returns true if the client showed it once. */
  shown(history: History): boolean
  /** Returns true if a client that has it must have shown it in this run. */
  due(history: History): boolean
}

const EVIDENCE: readonly Evidence[] = [
  {
    capability: 'statuses',
    reason: 'no row on its screens has one',
    shown: (history) => hasRow(history, ({ status }) => status !== undefined),
    due: (history) => hasRow(history, (row, { node }) => authorOf(history, row) === node),
  },
  {
    capability: 'outbox',
    reason: 'its screens have none, even while a write is pending',
    shown: (history) => hasView(history, ({ outbox }) => outbox !== undefined),
    due: (history) =>
      history.operations.some(
        (operation) =>
          wasAccepted(operation) &&
          history
            .of('view', operation.device)
            .some((view) => isCertainlyPending(history, operation, view)),
      ),
  },
  {
    capability: 'outbox',
    reason: 'it reports no localCommit, even of writes that reached the server',
    shown: (history) => history.of('localCommit').length > 0,
    due: (history) =>
      history.operations.some(
        (operation) => wasAccepted(operation) && operation.commits.length > 0,
      ),
  },
  {
    capability: 'outbox',
    reason: 'it reports no ackApplied, even after responses that settled a write',
    shown: (history) => history.of('ackApplied').length > 0,
    due: (history) => history.operations.some((operation) => settledByPush(history, operation)),
  },
  {
    capability: 'cursor',
    reason: "it reports no cursorSaved, though its screens show other people's rows",
    shown: (history) => history.of('cursorSaved').length > 0,
    due: (history) => hasRow(history, (row, { node }) => isPulled(history, row, node)),
  },
  {
    capability: 'versions',
    reason: 'no row on its screens has one',
    shown: (history) => hasRow(history, ({ version }) => version !== undefined),
    due: (history) => hasRow(history, (row, { node }) => isPulled(history, row, node)),
  },
  {
    capability: 'versions',
    reason: 'no write states the version that it was made on',
    shown: (history) => history.of('localCommit').some(({ base }) => base !== undefined),
    due: (history) => history.of('localCommit').length > 0,
  },
  {
    capability: 'allSynced',
    reason: 'its screens never make that claim, even when all is done',
    shown: (history) => hasView(history, ({ allSynced }) => allSynced !== undefined),
    due: (history) => history.devices.some((device) => isDone(history, device)),
  },
  {
    capability: 'conflicts',
    reason: 'its screens have no list of them, even after an edit that lost',
    shown: (history) => hasView(history, ({ conflicts }) => conflicts !== undefined),
    due: (history) => history.operations.some((operation) => lostForGood(history, operation)),
  },
]

/**
 * Returns the capabilities that the client declares, should have shown in this run, and did not,
 * each with the reason. An invariant that needs one of them cannot be decided.
 */
export function hiddenCapabilities(history: History): ReadonlyMap<Shown, string> {
  const declared: Capabilities = history.head.client.capabilities
  const hidden = new Map<Shown, string>()
  // A capability that seems to be hidden may have been shown in an invalid report.
  if (history.of('invalid').length > 0) return hidden
  for (const { capability, reason, shown, due } of EVIDENCE) {
    if (!declared[capability] || hidden.has(capability) || shown(history) || !due(history)) continue
    hidden.set(capability, `the client declares ${capability}, but ${reason}`)
  }
  return hidden
}

/**
 * Returns the result as it is, unless the invariant needs a capability that the client hides: then
 * it is unknown, because it would have judged what was not shown.
 */
export function withHidden(
  result: InvariantResult,
  invariant: Invariant,
  history: History,
  hidden: ReturnType<typeof hiddenCapabilities>,
): InvariantResult {
  const { capabilities } = history.head.client
  const isDecided = result.verdict === 'fail' || result.verdict === 'unknown'
  if (hidden.size === 0 || isDecided || invariant.needs(capabilities) !== undefined) return result
  const without = (names: Iterable<string>) =>
    invariant.needs({
      ...capabilities,
      ...Object.fromEntries([...names].map((name) => [name, false])),
    })
  if (without(hidden.keys()) === undefined) return result
  const alone = [...hidden].filter(([name]) => without([name]) !== undefined)
  const why = (alone.length > 0 ? alone : [...hidden]).map(([, reason]) => reason).join('; ')
  return { ...result, verdict: 'unknown', why }
}

function hasView(history: History, holds: (view: ShownView) => boolean): boolean {
  return history.of('view').some(({ view }) => holds(view))
}

function hasRow(
  history: History,
  holds: (row: ShownRow, view: EventOf<'view'>) => boolean,
): boolean {
  return history.of('view').some((view) => view.view.rows.some((row) => holds(row, view)))
}

/** Returns the device on which the text of a row was written. */
function authorOf(history: History, { opId }: ShownRow): string | undefined {
  return history.operation(opId)?.device
}

/** Returns true if a row can only come from a pull: its record was written on other devices. */
function isPulled(history: History, row: ShownRow, device: string): boolean {
  const author = authorOf(history, row)
  if (author === undefined || author === device) return false
  return history.operations.every(
    (operation) =>
      operation.device !== device ||
      !isWrite(operation.action) ||
      operation.action.record !== row.record,
  )
}

function wasAccepted({ action, saved }: Operation): boolean {
  return isWrite(action) && action.type !== 'delete' && saved !== undefined
}

/** Returns true if the view was asked for when the write was saved, and nothing had come of it. */
function isCertainlyPending(
  history: History,
  { saved, refused, settled, requests, commits }: Operation,
  view: EventOf<'view'>,
): boolean {
  if (!saved || refused || askedOf(history, view).seq < saved.seq) return false
  const answered = requests.find(({ response }) => response?.outcome === 'response')
  const ends = [settled, answered?.response, commits[0]]
  return ends.every((end) => end === undefined || end.seq > view.seq)
}

/** Returns true if nothing but the response to a push can have settled the write as acked. */
function settledByPush(history: History, { settled, requests, device }: Operation): boolean {
  if (settled?.outcome !== 'acked') return false
  return requests.some(({ request, response }) => {
    if (!response || response.seq > settled.seq || !isSuccessStatus(response.status)) return false
    const others = history
      .of('response', device)
      .filter(({ seq, requestId }) => seq < settled.seq && requestId !== request.requestId)
    return !others.some((other) => other.seq > request.seq && isSuccessStatus(other.status))
  })
}

/** Returns true if a device was read at the end, and all that was written on it is committed. */
function isDone(history: History, device: string): boolean {
  const read = history.phase('read')
  const view = history.lastView(device)
  if (!read || !view || view.seq < read.seq || history.serverState === undefined) return false
  const { outbox = [], pending = 0, failed = 0, rows } = view.view
  if (outbox.length + pending + failed > 0) return false
  if (rows.some(({ status }) => status !== undefined && status !== 'sent')) return false
  return history.operations
    .filter((operation) => operation.device === device && isWrite(operation.action))
    .every(({ refused, commits }) => refused !== undefined || commits.length > 0)
}

/** Returns true if a client knows that an edit lost, and the person wrote nothing after it. */
function lostForGood(history: History, { settled, action, device, invoke }: Operation): boolean {
  if (settled?.outcome !== 'conflict' || action.type !== 'update') return false
  const wroteAgain = history.operations.some(
    (later) =>
      later.device === device &&
      later.invoke.seq > invoke.seq &&
      isWrite(later.action) &&
      later.action.record === action.record,
  )
  if (wroteAgain) return false
  return history.of('view', device).some((view) => askedOf(history, view).seq > settled.seq)
}
