/**
 * Passes the outcome of a piece of work on to the work that depends on it. All work of a chain has
 * the same unique name.
 * https://developer.android.com/develop/background-work/background-tasks/persistent/how-to/chain-work#work-statuses
 *
 * @module
 */
import { isFinished, type WorkSpec, type WorkTable } from './work-spec.ts'

/** The work of the chain on which no other depends: the prerequisites of appended work. */
export function leavesOf(chain: readonly WorkSpec[]): WorkSpec[] {
  const prerequisites = new Set(chain.flatMap((spec) => spec.prerequisites))
  return chain.filter((spec) => !prerequisites.has(spec.id))
}

/** Marks work as succeeded and enqueues the dependants whose prerequisites have all succeeded. */
export function succeed(table: WorkTable, spec: WorkSpec, now: number): void {
  table.put({ ...spec, state: 'SUCCEEDED' })
  for (const dependant of dependantsOf(table, spec)) {
    const ready = dependant.prerequisites.every((id) => table.get(id)?.state === 'SUCCEEDED')
    if (dependant.state === 'BLOCKED' && ready)
      table.put({ ...dependant, state: 'ENQUEUED', lastEnqueueTime: now })
  }
}

/** Marks work and all its dependants as failed, except cancelled ones. */
export function fail(table: WorkTable, spec: WorkSpec): void {
  if (spec.state !== 'CANCELLED') table.put({ ...spec, state: 'FAILED' })
  for (const dependant of dependantsOf(table, spec)) fail(table, dependant)
}

/** Cancels the unfinished work of a chain. Returns its ids. */
export function cancel(table: WorkTable, chain: readonly WorkSpec[]): number[] {
  const unfinished = chain.filter((spec) => !isFinished(spec))
  for (const spec of unfinished)
    table.put({ ...spec, state: 'CANCELLED', stopReason: 'CANCELLED_BY_APP' })
  return unfinished.map((spec) => spec.id)
}

function dependantsOf(table: WorkTable, { id, name }: WorkSpec): WorkSpec[] {
  return table.by('name', { prefix: name }).filter((other) => other.prerequisites.includes(id))
}
