import { Problem } from '../../harness/core/problem.ts'
import { cancel, leavesOf } from './chain.ts'
import type {
  ExistingPeriodicWorkPolicy,
  ExistingWorkPolicy,
  OneTimeWorkRequest,
  PeriodicWorkRequest,
} from './request.ts'
import {
  isPeriodic,
  requested,
  type WorkSpec,
  type WorkState,
  type WorkTable,
} from './work-spec.ts'

/**
 * Enqueues one-time work under a unique name. Returns the ids of work that this has cancelled.
 * https://developer.android.com/reference/androidx/work/ExistingWorkPolicy
 *
 * - KEEP: nothing happens while work of this name is unfinished; it need not even have begun, it may be near its end or deep in its backoff.
 * - REPLACE: unfinished work of this name is cancelled, all of it is deleted.
 * - APPEND: comes after all of the chain's leaves; when one of those failed or was cancelled, this work is born failed or cancelled.
 * - APPEND_OR_REPLACE: the same, but instead of that last rule the dead chain is deleted and a new one begun.
 */
export function enqueueOneTime(
  table: WorkTable,
  name: string,
  policy: ExistingWorkPolicy,
  request: OneTimeWorkRequest,
  now: number,
): number[] {
  const chain = table.by('name', { prefix: name })
  switch (policy) {
    case 'KEEP':
      return hasPending(chain) ? [] : replace(table, chain, newWork(table, name, request, now))
    case 'REPLACE':
      return replace(table, chain, newWork(table, name, request, now))
    case 'APPEND':
    case 'APPEND_OR_REPLACE': {
      const leaves = leavesOf(chain)
      const state = stateBehind(leaves)
      const spec = newWork(table, name, request, now)
      if (policy === 'APPEND_OR_REPLACE' && (state === 'FAILED' || state === 'CANCELLED'))
        return replace(table, chain, spec)
      table.put({ ...spec, state, prerequisites: leaves.map((leaf) => leaf.id) })
      return []
    }
  }
}

/**
 * Enqueues periodic work under a unique name. Returns the ids of work that this has cancelled.
 * https://developer.android.com/reference/androidx/work/ExistingPeriodicWorkPolicy
 *
 * - KEEP: nothing happens while there is unfinished work of this name.
 * - UPDATE: the work gets the new specification and keeps its id, its enqueue time and its attempts; a run under way is not interrupted.
 * - CANCEL_AND_REENQUEUE: cancelled, deleted and begun anew.
 */
export function enqueuePeriodic(
  table: WorkTable,
  name: string,
  policy: ExistingPeriodicWorkPolicy,
  request: PeriodicWorkRequest,
  now: number,
): number[] {
  const chain = table.by('name', { prefix: name })
  if (hasPending(chain)) {
    if (policy === 'KEEP') return []
    if (policy === 'UPDATE') {
      const [present, ...others] = chain
      if (!present || others.length > 0 || !isPeriodic(present)) {
        throw new Problem(
          `UPDATE expects '${name}' to be one periodic work; it is ${others.length > 0 ? 'a chain' : 'one-time work'}: use another name`,
        )
      }
      table.put({ ...present, ...requested(request) })
      return []
    }
  }
  return replace(table, chain, newWork(table, name, request, now))
}

const hasPending = (chain: readonly WorkSpec[]) =>
  chain.some(({ state }) => state === 'ENQUEUED' || state === 'RUNNING' || state === 'BLOCKED')

function replace(table: WorkTable, chain: readonly WorkSpec[], spec: WorkSpec): number[] {
  const cancelled = cancel(table, chain)
  for (const { id } of chain) table.delete(id)
  table.put(spec)
  return cancelled
}

function stateBehind(leaves: readonly WorkSpec[]): WorkState {
  const states = new Set(leaves.map((leaf) => leaf.state))
  if (states.has('FAILED')) return 'FAILED'
  if (states.has('CANCELLED')) return 'CANCELLED'
  return leaves.every((leaf) => leaf.state === 'SUCCEEDED') ? 'ENQUEUED' : 'BLOCKED'
}

function newWork(
  table: WorkTable,
  name: string,
  request: OneTimeWorkRequest | PeriodicWorkRequest,
  now: number,
): WorkSpec {
  const newest = table.all({ reverse: true, limit: 1 })[0]?.id ?? 0
  return {
    ...requested(request),
    id: newest + 1,
    name,
    state: 'ENQUEUED',
    runAttemptCount: 0,
    periodCount: 0,
    lastEnqueueTime: now,
    prerequisites: [],
  }
}
