import { z } from 'zod'

/** One toxic on one direction of a device's link, as Toxiproxy's API names it. */
export const toxicSpecSchema = z.object({
  type: z.string(),
  stream: z.enum(['upstream', 'downstream']),
  /** The share of connections it touches, 0 to 1. */
  toxicity: z.number().min(0).max(1).default(1),
  /** Toxiproxy's attributes, whole numbers; spans in scenario milliseconds, which the wire scales. */
  attributes: z.record(z.string(), z.number().int()).default({}),
})
export type ToxicSpec = z.infer<typeof toxicSpecSchema>

/**
 * The few things a world can do to the system, each with its own undoing: an effect holds from a fault's start to its end, and
 * healing ends them all. Overlapping equal effects hold until the last of them ends.
 */
export const effectSchema = z.discriminatedUnion('effect', [
  z.object({ effect: z.literal('toxic'), device: z.string(), toxic: toxicSpecSchema }),
  /** The device's link refuses connections and breaks those it has. */
  z.object({ effect: z.literal('link-down'), device: z.string() }),
  /** The operating system says "no network". Without a link-down this is a lie, as its absence is in lie-fi. */
  z.object({ effect: z.literal('offline'), device: z.string() }),
  /** Killed at the start (SIGKILL), started again at the end. */
  z.object({ effect: z.literal('device-dead'), device: z.string() }),
  z.object({ effect: z.literal('server-dead') }),
  /** The server dies at the named point of its next push, and starts again at the end. */
  z.object({ effect: z.literal('server-crash'), point: z.enum(['before-commit', 'after-commit']) }),
  /** The device's wall clock is `by` milliseconds off. */
  z.object({ effect: z.literal('clock-skew'), device: z.string(), by: z.number().int() }),
  z.object({ effect: z.literal('doze'), device: z.string() }),
])
export type Effect = z.infer<typeof effectSchema>

/** A misfortune in a person's words, spelled out in effects. Kept whole in the scenario: replaying it needs no code of ours. */
export const faultSchema = z.object({
  /** The fault's name: 'tunnel', 'lost-ack'. */
  name: z.string(),
  /** What happens, as a caption: 'ana is in a tunnel'. */
  says: z.string(),
  /** Whom it strikes, for the report's lanes. */
  nodes: z.array(z.string()).min(1),
  effects: z.array(effectSchema).min(1),
})
export type Fault = z.infer<typeof faultSchema>
