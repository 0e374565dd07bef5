import { isAction, type Scenario } from '../core/scenario.ts'

/** An action at an instant, or the instant at which a fault begins or ends. */
export interface Moment {
  /** Scenario milliseconds. */
  readonly at: number
  /** The index in the scenario's steps. */
  readonly step: number
  readonly what: 'ends' | 'begins' | 'action'
}

const ORDER: Readonly<Record<Moment['what'], number>> = { ends: 0, begins: 1, action: 2 }

/**
 * Returns the moments of a scenario up to its healing, in order. At equal instants, faults end
 * before others begin, and people act last: an action at the instant when a tunnel begins is inside
 * the tunnel.
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
