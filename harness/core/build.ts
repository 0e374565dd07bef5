import type { Action, Content } from './action.ts'
import type { Exercised } from './exercise.ts'
import type { Fault } from './fault.ts'
import { mark } from './mark.ts'
import { Problem } from './problem.ts'
import { isAction, parseScenario, type Scenario, type Step } from './scenario.ts'
import { type Duration, milliseconds } from './time.ts'

/** An action before it is numbered; what workload/ makes. `content`'s field `text` gets the marker. */
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

/** A person does something at this moment. */
export function at(time: Duration, draft: Draft): StepDraft {
  return { at: milliseconds(time), draft }
}

/** A fault holds from one moment to another. */
export function during(from: Duration, to: Duration, fault: Fault): StepDraft {
  const [start, end] = [milliseconds(from), milliseconds(to)]
  if (end <= start)
    throw new Problem(
      `during(from, to) expects to > from; got ${from} to ${to} for '${fault.name}'`,
    )
  return { at: start, until: end, fault }
}

/** A fault holds from this moment until everything is healed. */
export function from(time: Duration, fault: Fault): StepDraft {
  return { at: milliseconds(time), fault }
}

export interface ScenarioDraft {
  readonly title: string
  readonly story: string
  /** Names, or names with the person who uses the device. A bare name is its own user. */
  readonly devices: readonly (string | { readonly name: string; readonly user: string })[]
  /** Default: last-write-wins. */
  readonly policy?: string
  readonly steps: readonly (StepDraft | readonly StepDraft[])[]
  /** Default: when the last step begins or ends. */
  readonly healAt?: Duration
  /** Default: 2 m. */
  readonly settle?: Duration
  readonly exercised: Exercised
  readonly invariants?: readonly string[]
  readonly timeScale?: number
}

/**
 * The scenario these words say, as plain data: operations numbered per device in time order ('ana-1', 'ana-2'), new records named by `as` or
 * 'm1', 'm2' …, every text marked. Throws a Problem on a story that cannot be played.
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
    settle = '2m',
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
      version: 1,
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

function action(draft: Draft, op: string, freshRecord: string): Action {
  switch (draft.type) {
    case 'create': {
      const { type, collection, as: record = freshRecord } = draft
      return { type, op, collection, record, content: marked(draft.content, record, op) }
    }
    case 'update': {
      const { type, collection, record } = draft
      return { type, op, collection, record, content: marked(draft.content, record, op) }
    }
    case 'delete':
      return { type: draft.type, op, collection: draft.collection, record: draft.record }
    case 'cancel':
      return { type: draft.type, op, target: draft.target }
    case 'refresh':
      return { type: draft.type, op }
  }
}

function marked(content: Content, record: string, op: string): Content {
  return { ...content, text: mark(String(content.text ?? ''), { record, op }) }
}
