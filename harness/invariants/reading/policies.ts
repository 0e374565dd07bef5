/**
 * An independent implementation of the conflict policies, against which the server's decisions are
 * checked. It shares no code with the server on purpose: two implementations that agree are worth
 * more than one.
 *
 * @module
 */
import type { EventOf } from '../../core/event.ts'
import { compareStamps, type Received } from './stamps.ts'

type Commit = EventOf<'serverCommit'>

/** A write that was made on an outdated version, reduced to what policies depend on. */
export interface Clash {
  readonly write: Commit['write']
  /** The stamp that the device sent. */
  readonly sent: Received
  /** The commit that made the current version, with its stamp. */
  readonly head: Received & Pick<Commit, 'write'>
}

/**
 * Returns the decision that a policy requires; undefined if the history does not contain enough.
 */
type Oracle = (clash: Clash) => 'applied' | 'conflict' | undefined

const ORACLES: Readonly<Record<string, Oracle>> = {
  'server-wins': () => 'conflict',
  /**
   * The write with the later stamp wins. A deletion wins against edits that did not know of it,
   * whichever came first.
   */
  'last-write-wins': ({ write, sent, head }) => {
    if (head.write === 'delete') return 'conflict'
    if (write === 'delete') return 'applied'
    const order = compareStamps(sent, head)
    if (order === undefined) return undefined
    return order > 0 ? 'applied' : 'conflict'
  },
}

/** Returns the implementation of the policy; undefined if there is none here. */
export function oracleOf(policy: string): Oracle | undefined {
  return Object.hasOwn(ORACLES, policy) ? ORACLES[policy] : undefined
}
