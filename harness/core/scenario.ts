import { z } from 'zod'
import { actionSchema } from './action.ts'
import { exercisedSchema } from './exercise.ts'
import { faultSchema } from './fault.ts'
import { Problem } from './problem.ts'

const instant = z.number().int().nonnegative()
const nodeName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a device is named in lower case: letters, digits, -')

export const stepSchema = z.union([
  z.strictObject({ at: instant, device: z.string(), action: actionSchema }),
  /** Without `until` the fault lasts until everything is healed. */
  z.strictObject({ at: instant, until: instant.optional(), fault: faultSchema }),
])
export type Step = z.infer<typeof stepSchema>
export type ActionStep = Extract<Step, { action: unknown }>
export type FaultStep = Extract<Step, { fault: unknown }>

/**
 * A story that can be played: plain data, saved as JSON, so that a counterexample is a scenario too. All times are scenario milliseconds from the
 * start. Playing it has four phases: act under faults; heal everything; settle; read every replica.
 */
export const scenarioSchema = z.strictObject({
  version: z.literal(1),
  /** The file's name, without its ending: 'keep-race'. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  title: z.string().min(1),
  /** One sentence: what happens, and what must hold. */
  story: z.string().min(1),
  devices: z.array(z.strictObject({ name: nodeName, user: z.string().min(1) })).min(1),
  /** How the server settles two writes to one record: the name of a conflict policy. */
  policy: z.string(),
  steps: z.array(stepSchema),
  /** When everything is healed; the faults that still hold end here. */
  healAt: instant,
  /** How long after that the system gets to come to rest, at least. A client may declare that it needs longer. */
  settle: instant,
  exercised: exercisedSchema,
  /** The invariants to judge, by id. Left out: all that the client's declared capabilities allow. */
  invariants: z.array(z.string()).optional(),
  /** Scenario milliseconds to one real millisecond on the wire, when nobody says otherwise. */
  timeScale: z.number().positive().default(40),
})
export type Scenario = z.infer<typeof scenarioSchema>

export const isAction = (step: Step): step is ActionStep => 'action' in step
export const isFault = (step: Step): step is FaultStep => 'fault' in step

/** A scenario from data (a JSON file, say). Throws a Problem that names the first thing wrong. */
export function parseScenario(data: unknown, source: string): Scenario {
  const parsed = scenarioSchema.safeParse(data)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const where = issue?.path.length ? ` at ${issue.path.join('.')}` : ''
    throw new Problem(`${source} is not a scenario${where}: ${issue?.message ?? 'unreadable'}`)
  }
  const known = new Set([...parsed.data.devices.map((device) => device.name)])
  for (const step of parsed.data.steps) {
    const named = isAction(step)
      ? [step.device]
      : step.fault.effects.flatMap(({ device }) => (typeof device === 'string' ? [device] : []))
    const stranger = named.find((device) => !known.has(device))
    if (stranger !== undefined) {
      throw new Problem(
        `${source} has a step for '${stranger}'; its devices are ${[...known].join(', ')}`,
      )
    }
  }
  return parsed.data
}
