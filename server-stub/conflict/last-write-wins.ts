import { compareStamps } from '../protocol/hlc.ts'
import type { ConflictPolicy } from './policy.ts'

const DELETE_BEATS = 'last-write-wins: a delete beats concurrent edits'

/**
 * Lets the write with the later stamp win (hybrid logical clock). A deletion wins against edits
 * that did not know of it, regardless of the stamps: concurrent writes have the same result in any
 * order of arrival, and an edit does not bring a deleted record back.
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
