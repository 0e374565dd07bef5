import type { Effect } from '../core/effect.ts'
import type { EffectSpec } from '../core/fault.ts'
import { canonical } from '../core/json.ts'
import { Problem } from '../core/problem.ts'
import type { Stage } from '../core/world.ts'

/** Begins and ends effects on a stage, and tracks those that hold. {@link Effect} defines overlaps. */
export class HeldEffects {
  readonly #stage: Stage
  readonly #effects: ReadonlyMap<string, Effect>
  readonly #held = new Map<string, EffectSpec>()

  constructor(stage: Stage, effects: ReadonlyMap<string, Effect>) {
    this.#stage = stage
    this.#effects = effects
  }

  /** Begins an effect. `id` must be unique among the effects of this run. */
  async begin(id: string, spec: EffectSpec): Promise<void> {
    const effect = this.#effectOf(spec)
    const isFirst = !this.#holdsEqual(spec)
    const others = this.#others(spec)
    this.#held.set(id, spec)
    if (isFirst || effect.cumulative) await effect.begin(spec, { stage: this.#stage, id, others })
  }

  /** Ends the effect that began with the same `id`. */
  async end(id: string, spec: EffectSpec): Promise<void> {
    const effect = this.#effectOf(spec)
    this.#held.delete(id)
    const isLast = !this.#holdsEqual(spec)
    const others = this.#others(spec)
    if (isLast || effect.cumulative) await effect.end(spec, { stage: this.#stage, id, others })
  }

  #effectOf({ effect: name }: EffectSpec): Effect {
    const effect = this.#effects.get(name)
    if (effect) return effect
    throw new Problem(
      `expected an effect of ${[...this.#effects.keys()].join(', ')}; got '${name}'`,
    )
  }

  #holdsEqual(spec: EffectSpec): boolean {
    const text = canonical(spec)
    return [...this.#held.values()].some((held) => canonical(held) === text)
  }

  /** Returns the effects that hold and differ from this one, each once. */
  #others(spec: EffectSpec): EffectSpec[] {
    const byText = new Map([...this.#held.values()].map((held) => [canonical(held), held]))
    byText.delete(canonical(spec))
    return [...byText.values()]
  }
}
