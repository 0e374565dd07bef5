import { Problem } from '../../harness/core/problem.ts'
import { cancel, leavesOf } from './chain.ts'
import type {
  ExistingPeriodicWorkPolicy,
  ExistingWorkPolicy,
  OneTimeWorkRequest,
  PeriodicWorkRequest,
} from './request.ts'
import {
  isFinished,
  isPeriodic,
  specOf,
  type WorkSpec,
  type WorkState,
  type WorkTable,
} from './work-spec.ts'

/**
 * Enqueues one-time work under a unique name. Returns the ids of the work that this cancelled. If
 * KEEP drops the request, calls `onKept` with the unfinished work.
 * https://developer.android.com/reference/androidx/work/ExistingWorkPolicy
 *
 * - KEEP: does nothing if work of this name is unfinished, whether it waits for its backoff or is
 *   almost done.
 * - REPLACE: cancels unfinished work of this name and deletes all of it.
 * - APPEND: runs after all leaves of the chain. If one of them failed or was cancelled, the new
 *   work fails or is cancelled at once.
 * - APPEND_OR_REPLACE: as APPEND, but deletes a failed or cancelled chain and starts a new one.
 */
export function enqueueOneTime(
  table: WorkTable,
  name: string,
  policy: ExistingWorkPolicy,
  request: OneTimeWorkRequest,
  now: number,
  onKept: (unfinished: WorkSpec) => void = () => {},
): number[] {
  const chain = table.by('name', { prefix: name })
  switch (policy) {
    case 'KEEP': {
      const unfinished = chain.find((spec) => !isFinished(spec))
      if (!unfinished) return replace(table, chain, newSpec(table, name, request, now))
      onKept(unfinished)
      return []
    }
    case 'REPLACE':
      return replace(table, chain, newSpec(table, name, request, now))
    case 'APPEND':
    case 'APPEND_OR_REPLACE': {
      const leaves = leavesOf(chain)
      const state = stateAfter(leaves)
      const spec = newSpec(table, name, request, now)
      if (policy === 'APPEND_OR_REPLACE' && (state === 'FAILED' || state === 'CANCELLED'))
        return replace(table, chain, spec)
      table.put({ ...spec, state, prerequisites: leaves.map((leaf) => leaf.id) })
      return []
    }
  }
}

/**
 * Enqueues periodic work under a unique name. Returns the ids of the work that this cancelled.
 * https://developer.android.com/reference/androidx/work/ExistingPeriodicWorkPolicy
 *
 * - KEEP: does nothing if work of this name is unfinished.
 * - UPDATE: changes the specification and keeps the id, the enqueue time and the attempts. Does not
 *   interrupt a running worker.
 * - CANCEL_AND_REENQUEUE: cancels and deletes the work, and enqueues it again.
 */
export function enqueuePeriodic(
  table: WorkTable,
  name: string,
  policy: ExistingPeriodicWorkPolicy,
  request: PeriodicWorkRequest,
  now: number,
): number[] {
  const chain = table.by('name', { prefix: name })
  if (hasUnfinished(chain)) {
    if (policy === 'KEEP') return []
    if (policy === 'UPDATE') {
      table.put({ ...onlyPeriodicWork(chain, name), ...specOf(request) })
      return []
    }
  }
  return replace(table, chain, newSpec(table, name, request, now))
}

function onlyPeriodicWork(chain: readonly WorkSpec[], name: string): WorkSpec {
  const [spec, ...others] = chain
  if (spec && others.length === 0 && isPeriodic(spec)) return spec
  const actual = others.length > 0 ? 'a chain' : 'one-time work'
  throw new Problem(
    `UPDATE expects '${name}' to be one periodic work; it is ${actual}: use another name`,
  )
}

const hasUnfinished = (chain: readonly WorkSpec[]) => chain.some((spec) => !isFinished(spec))

function replace(table: WorkTable, chain: readonly WorkSpec[], spec: WorkSpec): number[] {
  const cancelled = cancel(table, chain)
  for (const { id } of chain) table.delete(id)
  table.put(spec)
  return cancelled
}

/** The state of new work whose prerequisites are these leaves. */
function stateAfter(leaves: readonly WorkSpec[]): WorkState {
  const states = new Set(leaves.map((leaf) => leaf.state))
  if (states.has('FAILED')) return 'FAILED'
  if (states.has('CANCELLED')) return 'CANCELLED'
  return leaves.every((leaf) => leaf.state === 'SUCCEEDED') ? 'ENQUEUED' : 'BLOCKED'
}

function newSpec(
  table: WorkTable,
  name: string,
  request: OneTimeWorkRequest | PeriodicWorkRequest,
  now: number,
): WorkSpec {
  const newestId = table.all({ reverse: true, limit: 1 })[0]?.id ?? 0
  return {
    ...specOf(request),
    id: newestId + 1,
    name,
    state: 'ENQUEUED',
    runAttemptCount: 0,
    periodCount: 0,
    lastEnqueueTime: now,
    prerequisites: [],
  }
}
