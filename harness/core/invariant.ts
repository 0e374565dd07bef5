import type { Capabilities } from './capabilities.ts'
import type { History } from './history.ts'

/**
 * A property that must hold in every history, checked by a pure function that returns findings. The
 * default export of a file in harness/invariants/, which is named like the id, in lower case.
 *
 * @example
 * const onceOnly: Invariant = {
 *   id: 'ONCE-ONLY',
 *   promise: 'Every write takes effect at most once.',
 *   needs: () => undefined,
 *   check(history) {
 *     const repeated = history.operations.filter(({ commits }) => commits.length > 1)
 *     return {
 *       judged: history.operations.length,
 *       findings: repeated.map((operation) => ({
 *         message: `${describeOperation(operation)} took effect more than once`,
 *         opIds: [operation.opId],
 *         evidence: operation.commits.map(({ seq }) => seq),
 *       })),
 *     }
 *   },
 * }
 */
export interface Invariant {
  /** The id in capitals: 'NO-LOSS'. */
  readonly id: string
  /** The promise to people, in one plain sentence. */
  readonly promise: string
  /** Returns why a client with these capabilities cannot be judged; undefined if it can. */
  needs(capabilities: Capabilities): string | undefined
  /** Checks a history, without changing it. If this throws, the verdict is `unknown`. */
  check(history: History): Judgement
}

/** The conclusion of an invariant on one history. */
export interface Judgement {
  /** The number of things that were checked: operations, acks, pages. If 0, nothing was decided. */
  readonly judged: number
  /** The breaches; empty if there are none. */
  readonly findings: readonly Finding[]
  /** The reason why the history cannot decide, if it cannot. Ignored if there are findings. */
  readonly undecided?: string
  /** The reason why nothing was checked, if `judged` is 0. Default: there was nothing. */
  readonly idle?: string
  /** A measured number with its unit, shown on a pass too: '12 requests per write and hour'. */
  readonly figure?: string
}

/** A breach, described for a person, with the fewest events that prove the breach. */
export interface Finding {
  /** A plain sentence with names, numbers and times: "ana's message 'Hi' took effect 2 times". */
  readonly message: string
  /** The ids of the operations that the finding is about. */
  readonly opIds: readonly string[]
  /** The `seq` of each event that proves the breach, in order. */
  readonly evidence: readonly number[]
}
