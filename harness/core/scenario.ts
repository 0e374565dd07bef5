import { z } from 'zod'
import { actionSchema } from './action.ts'
import { exercisedSchema } from './exercise.ts'
import { faultSchema } from './fault.ts'
import { FORMAT_VERSION } from './format-version.ts'

const instant = z.number().int().nonnegative()
const nodeName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a device is named in lower case: letters, digits, -')

export const stepSchema = z.union([
  z.strictObject({ at: instant, device: z.string(), action: actionSchema }),
  /** Without `until` the fault holds until everything is healed. */
  z.strictObject({ at: instant, until: instant.optional(), fault: faultSchema }),
])
export type Step = z.infer<typeof stepSchema>
export type ActionStep = Extract<Step, { action: unknown }>
export type FaultStep = Extract<Step, { fault: unknown }>

/** The time to settle of a scenario that sets none. */
export const DEFAULT_SETTLE_MS = 120_000

/**
 * A story that can be played: plain data that can be saved as JSON. All instants are scenario
 * milliseconds from the start. A run has four phases: act under faults; heal everything; settle;
 * read every replica. The builder (build.ts) creates scenarios.
 */
export const scenarioSchema = z.strictObject({
  version: z.literal(FORMAT_VERSION),
  /** The file's name, without its ending: 'keep-race'. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  title: z.string().min(1),
  /** A sentence that states what happens and what must hold. */
  story: z.string().min(1),
  devices: z.array(z.strictObject({ name: nodeName, user: z.string().min(1) })).min(1),
  /** The name of the conflict policy: how the server decides between two writes to one record. */
  policy: z.string(),
  steps: z.array(stepSchema),
  /** The instant of healing. Faults that still hold end then, and dead processes start. */
  healAt: instant,
  /**
   * The time, in scenario milliseconds, from healing to reading the replicas. The run extends it to
   * twice the client's declared recovery. Up to {@link DEFAULT_SETTLE_MS} it ends early once
   * everything is at rest; a longer time is kept in full.
   */
  settle: instant,
  exercised: exercisedSchema,
  /** The ids of the invariants to judge. Default: all that the client's capabilities allow. */
  invariants: z.array(z.string()).optional(),
  /** Scenario milliseconds per real millisecond on the wire, unless the run sets another scale. */
  timeScale: z.number().positive().default(40),
})
export type Scenario = z.infer<typeof scenarioSchema>

export const isAction = (step: Step): step is ActionStep => 'action' in step
export const isFault = (step: Step): step is FaultStep => 'fault' in step
