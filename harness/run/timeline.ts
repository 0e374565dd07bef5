import { isAction, type Scenario } from '../core/scenario.ts'

/** Something to do at a moment: an action, or a fault's begin or end. `step` is its place in the scenario's steps. */
export interface Moment {
  readonly at: number
  readonly step: number
  readonly what: 'ends' | 'begins' | 'action'
}

const ORDER: Readonly<Record<Moment['what'], number>> = { ends: 0, begins: 1, action: 2 }

/**
 * A scenario's moments up to its healing, in order. At equal instants faults end before others begin, and people act last: an action at the instant a
 * tunnel begins is inside it.
 */
export function timeline(scenario: Scenario): Moment[] {
  const moments = scenario.steps.flatMap((step, index): Moment[] => {
    if (isAction(step)) return [{ at: step.at, step: index, what: 'action' }]
    const begins: Moment = { at: step.at, step: index, what: 'begins' }
    return step.until === undefined
      ? [begins]
      : [begins, { at: step.until, step: index, what: 'ends' }]
  })
  return moments
    .filter((moment) => moment.what !== 'ends' || moment.at < scenario.healAt)
    .sort((a, b) => a.at - b.at || ORDER[a.what] - ORDER[b.what] || a.step - b.step)
}
