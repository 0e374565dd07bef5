import { isFinished, type WorkSpec, type WorkTable } from './work-spec.ts'

/**
 * How the end of one piece of work reaches those that wait for it
 * (https://developer.android.com/develop/background-work/background-tasks/persistent/how-to/chain-work#work-statuses). All of a chain bears one unique name.
 */

/** The chain's works on which no other depends: what appended work comes after. */
export function leavesOf(chain: readonly WorkSpec[]): WorkSpec[] {
  const waitedFor = new Set(chain.flatMap((spec) => spec.prerequisites))
  return chain.filter((spec) => !waitedFor.has(spec.id))
}

/** Dependants that have nothing left to wait for are enqueued now. */
export function succeed(table: WorkTable, spec: WorkSpec, now: number): void {
  table.put({ ...spec, state: 'SUCCEEDED' })
  for (const dependant of dependantsOf(table, spec)) {
    const ready = dependant.prerequisites.every((id) => table.get(id)?.state === 'SUCCEEDED')
    if (dependant.state === 'BLOCKED' && ready)
      table.put({ ...dependant, state: 'ENQUEUED', lastEnqueueTime: now })
  }
}

/** Everything that depends on failed work fails with it, but for what was cancelled already. */
export function fail(table: WorkTable, spec: WorkSpec): void {
  if (spec.state !== 'CANCELLED') table.put({ ...spec, state: 'FAILED' })
  for (const dependant of dependantsOf(table, spec)) fail(table, dependant)
}

/** Cancels what is unfinished in a chain. Returns the ids of that. */
export function cancel(table: WorkTable, chain: readonly WorkSpec[]): number[] {
  const unfinished = chain.filter((spec) => !isFinished(spec))
  for (const spec of unfinished)
    table.put({ ...spec, state: 'CANCELLED', stopReason: 'CANCELLED_BY_APP' })
  return unfinished.map((spec) => spec.id)
}

function dependantsOf(table: WorkTable, { id, name }: WorkSpec): WorkSpec[] {
  return table.by('name', { prefix: name }).filter((other) => other.prerequisites.includes(id))
}
