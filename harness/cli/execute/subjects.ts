import type { Subjects } from '../../worlds/wire/preflight.ts'
import type { Job } from './plan.ts'

/** Returns each pair of client and server that the jobs play on the wire. */
export function wireSubjects(jobs: readonly Job[]): readonly Subjects[] {
  const found = new Map<string, Subjects>()
  for (const { world, client, server, scenario } of jobs) {
    const key = JSON.stringify([client.name, server.name])
    if (world === 'wire' && !found.has(key))
      found.set(key, { client, server, policy: scenario.policy })
  }
  return [...found.values()]
}
