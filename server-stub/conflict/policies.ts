import { Problem } from '../../harness/core/problem.ts'
import { lastWriteWins } from './last-write-wins.ts'
import type { ConflictPolicy } from './policy.ts'
import { serverWins } from './server-wins.ts'

const POLICIES: readonly ConflictPolicy[] = [lastWriteWins, serverWins]

/** Returns the policy of this name. Throws a Problem that lists the known ones. */
export function findPolicy(name: string): ConflictPolicy {
  const found = POLICIES.find((policy) => policy.name === name)
  if (found) return found
  const known = POLICIES.map((policy) => policy.name).join(', ')
  throw new Problem(`unknown conflict policy '${name}'; known ones: ${known}`)
}
