/**
 * Builds scenarios: functions that read like a story and return plain data.
 *
 * @example
 * ```ts
 * import { send } from '../workload/chat.ts'
 *
 * export default scenario({
 *   title: 'Tunnel',
 *   story: 'Ana writes in a tunnel. Her message must arrive once.',
 *   devices: ['ana', 'ben'],
 *   steps: [during('30s', '2m', tunnel('ana')), at('1m', send('ana', 'In the tunnel'))],
 *   exercised: { serverCommits: 1, failedRequests: 1 },
 * })
 * ```
 *
 * @module
 */

import type { Action, Content } from './action.ts'
import type { Exercised } from './exercise.ts'
import type { Fault } from './fault.ts'
import { FORMAT_VERSION } from './format-version.ts'
import { mark } from './mark.ts'
import { parseScenario } from './parse-scenario.ts'
import { Problem } from './problem.ts'
import { DEFAULT_SETTLE_MS, isAction, type Scenario, type Step } from './scenario.ts'
import { type Duration, milliseconds } from './time.ts'

/**
 * An action before the builder numbers it: the result of the functions in workload/. The builder
 * adds a marker to the field `text` of `content`.
 */
export type Draft = { readonly device: string } & (
  | {
      readonly type: 'create'
      readonly collection: string
      readonly as?: string
      readonly content: Content
    }
  | {
      readonly type: 'update'
      readonly collection: string
      readonly record: string
      readonly content: Content
    }
  | { readonly type: 'delete'; readonly collection: string; readonly record: string }
  | { readonly type: 'cancel'; readonly target: string }
  | { readonly type: 'refresh' }
)

export type StepDraft =
  | { readonly at: number; readonly draft: Draft }
  | { readonly at: number; readonly until?: number; readonly fault: Fault }

/**
 * Returns the step in which a person acts at this instant.
 *
 * @throws Problem if the time is no {@link Duration}
 *
 * @example
 * ```ts
 * import { send } from '../workload/chat.ts'
 *
 * at('35s', send('ana', 'In the tunnel now'))
 * ```
 */
export function at(time: Duration, draft: Draft): StepDraft {
  return { at: milliseconds(time), draft }
}

/**
 * Returns the step in which a fault holds from one instant to another.
 *
 * @throws Problem if `to` is not after `from`, or one of them is no {@link Duration}
 *
 * @example
 * ```ts
 * during('30s', '2m', tunnel('ana'))
 * ```
 */
export function during(from: Duration, to: Duration, fault: Fault): StepDraft {
  const [start, end] = [milliseconds(from), milliseconds(to)]
  if (end <= start)
    throw new Problem(
      `during(from, to) expects to > from; got ${from} to ${to} for '${fault.name}'`,
    )
  return { at: start, until: end, fault }
}

/**
 * Returns the step in which a fault holds from this instant until everything is healed.
 *
 * @throws Problem if the time is no {@link Duration}
 *
 * @example
 * ```ts
 * from('30s', lieFi('ana'))
 * ```
 */
export function from(time: Duration, fault: Fault): StepDraft {
  return { at: milliseconds(time), fault }
}

export interface ScenarioDraft {
  /** In lower case and with dashes, the title is the name of the scenario and of its file. */
  readonly title: string
  /** A sentence that states what happens and what must hold. */
  readonly story: string
  /** Names, or names with the user. A device without a user has its own name as the user's. */
  readonly devices: readonly (string | { readonly name: string; readonly user: string })[]
  /** The name of the conflict policy. Default: 'last-write-wins'. */
  readonly policy?: string
  /** In any order; scenario() sorts them by time. */
  readonly steps: readonly (StepDraft | readonly StepDraft[])[]
  /** The instant of healing. Default: the last instant at which a step begins or ends. */
  readonly healAt?: Duration
  /**
   * The time to come to rest after healing. Default: 2 minutes, which end early once everything is
   * at rest. A longer time is kept in full.
   */
  readonly settle?: Duration
  /** The minimum counts that a run must reach ({@link Exercised}). */
  readonly exercised: Exercised
  /** The ids of the invariants to judge. Default: all that the client's capabilities allow. */
  readonly invariants?: readonly string[]
  /** Scenario milliseconds per real millisecond on the wire. Default: 40. */
  readonly timeScale?: number
}

/**
 * Builds a scenario as plain data. Numbers the operations of each device in the order of time
 * ('ana-1', 'ana-2'), names new records by `as` or 'm1', 'm2' …, and adds a marker to every text.
 *
 * @throws Problem that names the first wrong field or step
 */
export function scenario(draft: ScenarioDraft): Scenario {
  const ordered = draft.steps.flat().sort((a, b) => a.at - b.at)
  const numbers = new Map<string, number>()
  let created = 0
  const steps = ordered.map((step): Step => {
    if (!('draft' in step))
      return step.until === undefined
        ? { at: step.at, fault: step.fault }
        : { at: step.at, until: step.until, fault: step.fault }
    const number = (numbers.get(step.draft.device) ?? 0) + 1
    numbers.set(step.draft.device, number)
    if (step.draft.type === 'create') created++
    return {
      at: step.at,
      device: step.draft.device,
      action: action(step.draft, `${step.draft.device}-${number}`, `m${created}`),
    }
  })
  const lastMoment = Math.max(
    0,
    ...steps.map((step) => (isAction(step) ? step.at : (step.until ?? step.at))),
  )
  const {
    title,
    settle = DEFAULT_SETTLE_MS,
    healAt,
    policy = 'last-write-wins',
    devices,
    timeScale,
    invariants,
    exercised,
    story,
  } = draft
  return parseScenario(
    {
      version: FORMAT_VERSION,
      name: title
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, ''),
      title,
      story,
      devices: devices.map((device) =>
        typeof device === 'string' ? { name: device, user: device } : device,
      ),
      policy,
      steps,
      healAt: healAt === undefined ? lastMoment : milliseconds(healAt),
      settle: milliseconds(settle),
      exercised,
      ...(invariants && { invariants }),
      ...(timeScale && { timeScale }),
    },
    `scenario '${title}'`,
  )
}

function action(draft: Draft, opId: string, freshRecord: string): Action {
  switch (draft.type) {
    case 'create': {
      const { type, collection, as: record = freshRecord } = draft
      return { type, opId, collection, record, content: marked(draft.content, record, opId) }
    }
    case 'update': {
      const { type, collection, record } = draft
      return { type, opId, collection, record, content: marked(draft.content, record, opId) }
    }
    case 'delete':
      return { type: draft.type, opId, collection: draft.collection, record: draft.record }
    case 'cancel':
      return { type: draft.type, opId, target: draft.target }
    case 'refresh':
      return { type: draft.type, opId }
  }
}

function marked(content: Content, record: string, opId: string): Content {
  return { ...content, text: mark(String(content.text ?? ''), { record, opId }) }
}
