import type { Event } from '../../core/event.ts'
import type { History } from '../../core/history.ts'
import type { Operation } from '../../core/operation.ts'
import { oncePerHistory } from './once-per-history.ts'
import { recordOf } from './record-name.ts'
import { finalScreen, type Screen, screenOf } from './screen.ts'
import { type WriteOutcome, writeOutcomes } from './write-outcome.ts'

/**
 * A write that did not complete by itself.
 *
 * - `waiting`: it never reached the server, or the server lost it again.
 * - `abandoned`: the app shows it as failed, although nobody refused it.
 * - `shown-waiting`, `shown-failed`: the server decided on it, and the screen still shows a clock
 *   or a failure icon.
 */
export interface StuckWrite {
  readonly operation: Operation
  readonly outcome: WriteOutcome
  readonly state: 'waiting' | 'abandoned' | 'shown-waiting' | 'shown-failed'
}

/** The writes that did not complete by themselves, in the order of invocation. */
export const stuckWrites = oncePerHistory(findStuckWrites)

function findStuckWrites(history: History): readonly StuckWrite[] {
  // Decided by what the screens show in the end.
  if (!history.phase('read')) return []
  return [...writeOutcomes(history)].flatMap(([operation, outcome]) => {
    const screen = finalScreen(history, operation.device)
    const state = stateOf(history, operation, outcome, screen)
    return state ? [{ operation, outcome, state }] : []
  })
}

function stateOf(
  history: History,
  operation: Operation,
  outcome: WriteOutcome,
  screen: Screen | undefined,
): StuckWrite['state'] | undefined {
  if (outcome === 'waiting' || outcome === 'abandoned') return outcome
  if (!screen || (outcome !== 'committed' && outcome !== 'conflict')) return undefined
  if (isShownAs('pending', operation, screen)) return 'shown-waiting'
  const showsFailure =
    outcome === 'committed' &&
    isNewestOwnWrite(history, operation) &&
    isShownAs('failed', operation, screen)
  return showsFailure ? 'shown-failed' : undefined
}

function isShownAs(state: 'pending' | 'failed', operation: Operation, screen: Screen): boolean {
  const entry = screen.entryOf(operation)
  if (entry) return entry.state === state
  return screen.rowsOf(operation.opId).some(({ status }) => status === state)
}

/** The icon of a row belongs to the newest write: a deletion that failed shows the old text. */
function isNewestOwnWrite(history: History, operation: Operation): boolean {
  return !history.operations.some(
    (other) =>
      other.device === operation.device &&
      other.invoke.seq > operation.invoke.seq &&
      !other.refused &&
      recordOf(other) === recordOf(operation),
  )
}

/**
 * Returns the event of the probe that completes a stuck write: the server decides on it, the app
 * reports its outcome, or (if the server had decided before) the screen shows it so.
 */
export function completionInProbe(history: History, write: StuckWrite): Event | undefined {
  return history.probe.find((event) => completes(history, event, write))
}

function completes(history: History, event: Event, { operation, state }: StuckWrite): boolean {
  const { device, opId } = operation
  const isUndecided = state === 'waiting' || state === 'abandoned'
  switch (event.type) {
    case 'serverCommit':
    case 'serverOutcome':
      return isUndecided && history.whole.operationOf(event)?.opId === opId
    case 'ackApplied':
      return history.whole.operationOf(event)?.opId === opId
    case 'settled':
      return event.opId === opId
    case 'view': {
      if (isUndecided || event.node !== device) return false
      const screen = screenOf(event)
      return !isShownAs('pending', operation, screen) && !isShownAs('failed', operation, screen)
    }
    default:
      return false
  }
}
