import type { EventOf } from '../../core/event.ts'
import type { History } from '../../core/history.ts'
import { isWrite, type Operation } from '../../core/operation.ts'
import { recordName } from './screen.ts'

/** The operation's distinct effects on the server: one log entry told twice is one effect. */
export function effectsOf(operation: Operation): readonly EventOf<'serverCommit'>[] {
  const seen = new Set<string>()
  return operation.commits.filter((commit) => {
    const entry = `${commit.epoch} ${commit.position}`
    return !seen.has(entry) && seen.add(entry)
  })
}

/**
 * Whether an operation ever took effect, asked of the whole history: between nodes close stamps prove no order, and after a server crash a commit is reported only when it
 * is found in the log. Undefined when the history cannot tell: the server was never read and may have taken what it could not report,
 * or it tells only what it holds and another write stands there now.
 */
export function tookEffect(history: History, operation: Operation): boolean | undefined {
  if (operation.commits.length > 0) return true
  const state = history.serverState
  if (!state)
    return operation.requests.length === 0 && history.of('request').length > 0 ? false : undefined
  if (state.rows.some((row) => row.op === operation.op)) return true
  if (history.of('serverCommit').length > 0 || !isWrite(operation.action)) return false
  const record = recordName(operation.action)
  const held = state.rows.find((row) => recordName(row) === record)
  if (operation.action.type === 'delete') return held ? held.deleted : undefined
  return held ? undefined : false
}
