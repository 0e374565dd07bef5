import type { Capabilities } from './capabilities.ts'
import type { History } from './history.ts'

/**
 * One thing that must hold of every history: a pure function from the history to findings. One file each in harness/invariants/,
 * named like the id in lower case.
 */
export interface Invariant {
  /** As in invariants.md of the field: 'NO-LOSS'. */
  readonly id: string
  /** What it promises, in one plain sentence. */
  readonly promise: string
  /** Why it cannot be judged for a client with these capabilities, or undefined when it can. */
  needs(capabilities: Capabilities): string | undefined
  check(history: History): Judgement
}

export interface Judgement {
  /** How many things (operations, acks, pages …) were held against it. Without any it has decided nothing. */
  readonly judged: number
  readonly findings: readonly Finding[]
  /** Why the history cannot decide, when it cannot. Findings outweigh it. */
  readonly undecided?: string
}

/** A breach, told to a person, with the fewest events that prove it. */
export interface Finding {
  /** One plain sentence with names, numbers and times: "ana's message 'See you' took effect 2 times". */
  readonly message: string
  /** The operations it is about. */
  readonly ops: readonly string[]
  /** `seq` of the events that prove it, in order. */
  readonly evidence: readonly number[]
}
