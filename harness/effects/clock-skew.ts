import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'
import type { EffectSpec } from '../core/fault.ts'
import { spanText } from '../core/time.ts'

const schema = z.object({
  effect: z.literal('clock-skew'),
  device: z.string(),
  /** Scenario milliseconds that the wall clock is ahead; negative: behind. */
  by: z.number().int(),
})

/** Sets the device's wall clock wrong. Different skews of one device add up. */
export default defineEffect({
  name: 'clock-skew',
  schema,
  example: { effect: 'clock-skew', device: 'ana', by: 3_600_000 },
  caption: ({ device, by }) =>
    `${device}'s clock is ${spanText(Math.abs(by))} ${by < 0 ? 'behind' : 'ahead'}`,
  begin: ({ device, by }, { stage, others }) =>
    stage.device(device).set({ skew: by + totalSkew(device, others) }),
  end: ({ device }, { stage, others }) =>
    stage.device(device).set({ skew: totalSkew(device, others) }),
})

function totalSkew(device: string, specs: readonly EffectSpec[]): number {
  return specs
    .flatMap((spec) => schema.safeParse(spec).data ?? [])
    .filter((skew) => skew.device === device)
    .reduce((sum, { by }) => sum + by, 0)
}
