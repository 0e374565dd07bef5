import { compareStamps } from '../protocol/hlc.ts'
import type { ConflictPolicy } from './policy.ts'

/**
 * The later stamp stands, by hybrid logical clock, so that concurrent edits end the same in whichever order they arrive. A tombstone stands against
 * any stamp: what was deleted does not come back by an edit.
 */
export const lastWriteWins: ConflictPolicy = {
  name: 'last-write-wins',
  decide({ write, head }) {
    if (head.deleted) return { outcome: 'conflict', rule: 'last-write-wins: a delete beats concurrent edits' }
    return compareStamps(write.stamp, head.stamp) > 0
      ? { outcome: 'applied', rule: 'last-write-wins: the later stamp stands', headLoses: true }
      : { outcome: 'conflict', rule: 'last-write-wins: an earlier stamp loses' }
  },
}
