import type { Effect } from '../core/fault.ts'
import { canonical } from '../core/json.ts'
import type { Stage } from '../core/world.ts'

/**
 * Puts effects on a stage and takes them off again. Equal effects of overlapping faults hold until the last one ends; toxics add up, each under a
 * name of its own.
 */
export class Effects {
  readonly #stage: Stage
  /** How many faults hold each effect. */
  readonly #holders = new Map<string, number>()
  readonly #skews = new Map<string, number>()

  constructor(stage: Stage) {
    this.#stage = stage
  }

  /** `id` tells this use of the effect from all others. */
  async begin(effect: Effect, id: string): Promise<void> {
    if (effect.effect === 'toxic') {
      await this.#stage.link(effect.device).addToxic(id, effect.toxic)
      return
    }
    const key = canonical(effect)
    const holders = this.#holders.get(key) ?? 0
    this.#holders.set(key, holders + 1)
    if (holders === 0) await this.#switch(effect, true)
  }

  async end(effect: Effect, id: string): Promise<void> {
    if (effect.effect === 'toxic') {
      await this.#stage.link(effect.device).removeToxic(id)
      return
    }
    const key = canonical(effect)
    const holders = (this.#holders.get(key) ?? 1) - 1
    this.#holders.set(key, holders)
    if (holders === 0) await this.#switch(effect, false)
  }

  async #switch(effect: Exclude<Effect, { effect: 'toxic' }>, on: boolean): Promise<void> {
    const stage = this.#stage
    switch (effect.effect) {
      case 'link-down':
        return stage.link(effect.device).enable(!on)
      case 'offline':
        return stage.device(effect.device).set({ online: !on })
      case 'doze':
        return stage.device(effect.device).set({ dozing: on })
      case 'clock-skew':
        return stage
          .device(effect.device)
          .set({ skew: this.#skew(effect.device, on ? effect.by : -effect.by) })
      case 'device-dead':
        return on ? stage.device(effect.device).kill() : stage.device(effect.device).start()
      case 'server-dead':
        return on ? stage.server.kill() : stage.server.start()
      case 'server-crash':
        stage.server.crashAt(on ? effect.point : null)
        // Unless another fault keeps it down.
        return on || this.#holders.get(canonical({ effect: 'server-dead' }))
          ? undefined
          : stage.server.start()
    }
  }

  /** Different errors of one clock add up. */
  #skew(device: string, by: number): number {
    const sum = (this.#skews.get(device) ?? 0) + by
    this.#skews.set(device, sum)
    return sum
  }
}
