/**
 * An independent implementation of the conflict policies, against which the server's decisions are
 * checked. It shares no code with the server on purpose: two implementations that agree are worth
 * more than one.
 *
 * @module
 */
import type { EventOf } from '../../core/event.ts'
import { EPOCH_WALL } from '../../core/time.ts'

type Commit = EventOf<'serverCommit'>

/** A write that was made on an outdated version, reduced to what policies depend on. */
export interface Clash {
  readonly write: Commit['write']
  /** The hybrid logical clock stamp that the device sent. */
  readonly stamp: string | undefined
  /** Scenario time at which the server received the write. */
  readonly t: number
  /** The commit that made the current version. */
  readonly head: Commit
}

/**
 * Returns the decision that a policy requires; undefined if the history does not contain enough.
 */
type Oracle = (clash: Clash) => 'applied' | 'conflict' | undefined

/** The server treats a stamp as at most this far ahead of its wall clock. */
const CLAMP_MS = 60_000
/**
 * The history does not record the server's wall clock to the millisecond: a stamp this close to the
 * clamp is left undecided.
 */
const CLAMP_SLACK_MS = 10_000

const ORACLES: Readonly<Record<string, Oracle>> = {
  'server-wins': () => 'conflict',
  /**
   * The write with the later stamp wins. A deletion wins against edits that did not know of it,
   * whichever came first.
   */
  'last-write-wins': ({ write, stamp, t, head }) => {
    if (head.write === 'delete') return 'conflict'
    if (write === 'delete') return 'applied'
    const [sentMs, headMs] = [wallMsOf(stamp), wallMsOf(head.stamp)]
    if (stamp === undefined || head.stamp === undefined) return undefined
    if (sentMs === undefined || headMs === undefined) return undefined
    const limitMs = EPOCH_WALL + t + CLAMP_MS
    if (sentMs <= limitMs - CLAMP_SLACK_MS) return stamp > head.stamp ? 'applied' : 'conflict'
    if (sentMs < limitMs + CLAMP_SLACK_MS) return undefined
    if (Math.abs(limitMs - headMs) <= CLAMP_SLACK_MS) return undefined
    return limitMs > headMs ? 'applied' : 'conflict'
  },
}

/** Returns the implementation of the policy; undefined if there is none here. */
export function oracleOf(policy: string): Oracle | undefined {
  return Object.hasOwn(ORACLES, policy) ? ORACLES[policy] : undefined
}

/**
 * The wall-clock part of a stamp. A stamp is a text that sorts in the order of comparison: it
 * begins with 15 digits of milliseconds.
 */
function wallMsOf(stamp: string | undefined): number | undefined {
  const digits = /^(\d{15}):/.exec(stamp ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}
