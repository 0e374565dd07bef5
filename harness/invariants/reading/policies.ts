import type { EventOf } from '../../core/event.ts'
import { EPOCH_WALL } from '../../core/time.ts'

type Commit = EventOf<'serverCommit'>

/** A write that was made on another version than the newest, as far as policies look at it. */
export interface Clash {
  readonly write: Commit['write']
  /** As the device sent it. */
  readonly stamp: string | undefined
  /** When the server had it, scenario milliseconds. */
  readonly t: number
  /** The write that stood. */
  readonly head: Commit
}

/** What the policy demands; undefined where the history does not hold enough to say. */
type Oracle = (clash: Clash) => 'applied' | 'conflict' | undefined

/** How far ahead of the server's wall clock a stamp counts at most, in milliseconds. */
const CLAMP = 60_000
/** Within this of the clamp the server's own idea of the time decides, which the history does not hold to the millisecond. */
const SLACK = 10_000

/** A second reading of the policies' words, kept apart from the server's code on purpose: two readings that agree are worth more than one. */
const ORACLES: Readonly<Record<string, Oracle>> = {
  'server-wins': () => 'conflict',
  /** The later hybrid logical clock stamp stands; a deletion stands against edits that did not know of it, whichever came first. */
  'last-write-wins': ({ write, stamp, t, head }) => {
    if (head.write === 'delete') return 'conflict'
    if (write === 'delete') return 'applied'
    const [sent, stood] = [wallOf(stamp), wallOf(head.stamp)]
    if (
      stamp === undefined ||
      head.stamp === undefined ||
      sent === undefined ||
      stood === undefined
    )
      return undefined
    const limit = EPOCH_WALL + t + CLAMP
    if (sent <= limit - SLACK) return stamp > head.stamp ? 'applied' : 'conflict'
    if (sent < limit + SLACK || Math.abs(limit - stood) <= SLACK) return undefined
    return limit > stood ? 'applied' : 'conflict'
  },
}

export function oracleOf(policy: string): Oracle | undefined {
  return Object.hasOwn(ORACLES, policy) ? ORACLES[policy] : undefined
}

/** The wall-clock part of a stamp: stamps are texts that sort as they compare, 15 digits of milliseconds first. */
function wallOf(stamp: string | undefined): number | undefined {
  const digits = /^(\d{15}):/.exec(stamp ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}
