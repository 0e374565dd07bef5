import { z } from 'zod'

/**
 * An effect as a fault lists it: the effect's name and its parameters. The effect's own schema
 * (harness/effects/) checks the parameters. A parameter `device` names a device of the scenario.
 *
 * @example
 * ```ts
 * const spec: EffectSpec = { effect: 'link-down', device: 'ana' }
 * ```
 */
export const effectSpecSchema = z.looseObject({ effect: z.string() })
export type EffectSpec = z.infer<typeof effectSpecSchema>

/**
 * A fault, described in a person's words, and the effects that it consists of. A scenario contains
 * the whole fault, so that a saved scenario needs no code of harness/faults/.
 *
 * @example
 * ```ts
 * const tunnel: Fault = {
 *   name: 'tunnel',
 *   caption: 'ana is in a tunnel',
 *   nodes: ['ana'],
 *   effects: [
 *     { effect: 'offline', device: 'ana' },
 *     { effect: 'link-down', device: 'ana' },
 *   ],
 * }
 * ```
 */
export const faultSchema = z.strictObject({
  /** The fault's name: 'tunnel', 'lost-ack'. */
  name: z.string(),
  /** The caption that reports show: 'ana is in a tunnel'. */
  caption: z.string(),
  /** The affected nodes: devices or 'server'. Reports draw the fault on the lanes of these. */
  nodes: z.array(z.string()).min(1),
  /** The effects begin together, in this order, and end together, in the same order. */
  effects: z.array(effectSpecSchema).min(1),
})
export type Fault = z.infer<typeof faultSchema>
