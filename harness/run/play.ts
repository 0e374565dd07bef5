import type { Effect } from '../core/effect.ts'
import type { History } from '../core/history.ts'
import { type FaultStep, isAction, isFault, type Scenario } from '../core/scenario.ts'
import type { Stage } from '../core/world.ts'
import { HeldEffects } from './held-effects.ts'
import { probe } from './probe.ts'
import { settle } from './settle.ts'
import { timeline } from './timeline.ts'

export type Phase = 'act' | 'heal' | 'settle' | 'read' | 'probe' | 'end'

export interface PlayOptions {
  /** The effects that the scenario's faults can name. */
  readonly effects: ReadonlyMap<string, Effect>
  /** The client's declared `recovery` ({@link Capabilities}), in scenario milliseconds. */
  readonly recovery: number
  readonly onPhase?: (phase: Phase) => void
}

/**
 * Plays a scenario on a stage that has just been opened, and returns the whole history. The phases:
 * act under faults; heal everything; settle; read every replica; and, if operations did not
 * complete, probe: try to unstick them.
 */
export async function play(
  stage: Stage,
  scenario: Scenario,
  { effects, recovery, onPhase = () => {} }: PlayOptions,
): Promise<History> {
  const held = new HeldEffects(stage, effects)
  /** The indexes of the steps whose faults hold now. */
  const unhealed = new Set<number>()
  const enter = (phase: Phase, atRest = false) => {
    stage.emit({ type: 'phase', phase, ...(atRest && { atRest }) })
    onPhase(phase)
  }
  const switchFault = async (index: number, on: boolean) => {
    const { fault } = scenario.steps[index] as FaultStep
    if (on) unhealed.add(index)
    else unhealed.delete(index)
    stage.emit({
      type: 'fault',
      id: index,
      name: fault.name,
      caption: fault.caption,
      nodes: fault.nodes,
      on,
    })
    for (const [i, effect] of fault.effects.entries()) {
      const id = `${fault.name}-${index}-${i}`
      if (on) await held.begin(id, effect)
      else await held.end(id, effect)
    }
  }

  enter('act')
  for (const moment of timeline(scenario)) {
    await stage.until(moment.at)
    const step = scenario.steps[moment.step]
    if (!step) continue
    if (isAction(step)) stage.device(step.device).perform(step.action)
    else if (isFault(step)) await switchFault(moment.step, moment.what === 'begins')
  }
  await stage.until(scenario.healAt)

  enter('heal')
  for (const index of [...unhealed]) await switchFault(index, false)
  await stage.server.start()
  for (const { name } of scenario.devices) await stage.device(name).start()

  enter('settle')
  enter('read', await settle(stage, scenario, recovery))
  await read(stage, scenario)
  await probe(stage, scenario, recovery, () => enter('probe'))
  enter('end')
  return stage.history()
}

async function read(stage: Stage, scenario: Scenario): Promise<void> {
  for (const { name } of scenario.devices) await stage.device(name).view()
  await stage.server.dump()
}
