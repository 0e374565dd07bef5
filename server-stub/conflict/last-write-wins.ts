import { compareStamps } from '../protocol/hlc.ts'
import type { ConflictPolicy } from './policy.ts'

const DELETE_BEATS = 'last-write-wins: a delete beats concurrent edits'

/**
 * The later stamp stands, by hybrid logical clock; a delete beats edits made without knowing of it, whatever the stamps. So concurrent writes end
 * the same in whichever order they arrive, and what was deleted does not come back by an edit.
 */
export const lastWriteWins: ConflictPolicy = {
  name: 'last-write-wins',
  decide({ write, head }) {
    if (head.deleted) return { outcome: 'conflict', rule: DELETE_BEATS }
    if (write.type === 'delete') return { outcome: 'applied', rule: DELETE_BEATS, headLoses: true }
    return compareStamps(write.stamp, head.stamp) > 0
      ? { outcome: 'applied', rule: 'last-write-wins: the later stamp stands', headLoses: true }
      : { outcome: 'conflict', rule: 'last-write-wins: an earlier stamp loses' }
  },
}
