import type { Capabilities } from './capabilities.ts'
import type { History } from './history.ts'

/**
 * Something that must hold in every history: a pure function from a history to findings. It is the
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
 *         message: `${describeOperation(operation)} took effect ${operation.commits.length} times.`,
 *         ops: [operation.op],
 *         evidence: operation.commits.map(({ seq }) => seq),
 *       })),
 *     }
 *   },
 * }
 */
export interface Invariant {
  /** 'NO-LOSS' */
  readonly id: string
  /** What the invariant promises, in one plain sentence. */
  readonly promise: string
  /** Why a client with these capabilities cannot be judged; undefined if it can. */
  needs(capabilities: Capabilities): string | undefined
  /** Must not change the history. If it throws, the verdict is `unknown`. */
  check(history: History): Judgement
}

/** What an invariant concludes from one history. */
export interface Judgement {
  /** The number of things that were checked: operations, acks, pages. If 0, nothing was decided. */
  readonly judged: number
  /** The breaches; empty if there are none. */
  readonly findings: readonly Finding[]
  /** Why the history cannot decide, if it cannot. Findings outweigh it. */
  readonly undecided?: string
}

/** A breach, described for a person, with the fewest events that prove it. */
export interface Finding {
  /** One plain sentence with names, numbers and times: "ana's message 'Hi' took effect 2 times". */
  readonly message: string
  /** The ids of the operations that it is about. */
  readonly ops: readonly string[]
  /** `seq` of the events that prove it, in order. */
  readonly evidence: readonly number[]
}
