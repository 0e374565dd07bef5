import type { History } from '../core/history.ts'
import { isWrite } from '../core/operation.ts'

/**
 * Returns true if everything has arrived and no screen shows anything waiting or failed, as single
 * events tell. A run asks this often, and the answer is mostly yes: then no operation needs to be
 * joined. False means only that it takes the joins to tell.
 */
export function isPlainlyDone(history: History): boolean {
  return hasOnePast(history) && isAllCommitted(history) && history.devices.every(isQuiet(history))
}

/** A server that was restored may have lost what it had committed. */
function hasOnePast(history: History): boolean {
  const epochs = new Set(history.of('serverCommit').map(({ epoch }) => epoch))
  const state = history.serverState
  if (state) epochs.add(state.epoch)
  return epochs.size <= 1
}

function isAllCommitted(history: History): boolean {
  const commits = history.of('serverCommit')
  const opIds = new Set(commits.map(({ opId }) => opId))
  const keys = new Set(commits.map(({ key }) => key))
  for (const { opId, key } of history.of('localCommit')) if (keys.has(key)) opIds.add(opId)
  for (const { opId } of history.of('refused')) opIds.add(opId)
  return history.of('invoke').every(({ opId, action }) => isWrite(action) && opIds.has(opId))
}

const isQuiet = (history: History) => (device: string) => {
  const view = history.lastView(device)?.view
  return (
    view !== undefined &&
    (view.outbox ?? []).length === 0 &&
    view.rows.every(({ status }) => status === undefined || status === 'sent')
  )
}
