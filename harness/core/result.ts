import { z } from 'zod'

const verdict = z.enum(['pass', 'fail', 'unknown'])
const text = z.string()

export const findingSchema = z.object({
  message: text,
  ops: z.array(text),
  evidence: z.array(z.number().int()),
})

export const invariantResultSchema = z.object({
  id: text,
  promise: text,
  /** 'idle': nothing in this run to hold against it, or the client cannot show what it needs. It weighs nothing. */
  verdict: z.enum(['pass', 'fail', 'unknown', 'idle']),
  judged: z.number().int(),
  /** Why unknown or idle. */
  why: text.optional(),
  findings: z.array(findingSchema),
})
export type InvariantResult = z.infer<typeof invariantResultSchema>

export const exercisedResultSchema = z.object({ what: text, least: z.number(), got: z.number() })

/** One scenario played in one world, judged. */
export const scenarioResultSchema = z.object({
  scenario: text,
  title: text,
  story: text,
  world: text,
  client: text,
  server: text,
  seed: z.number().int(),
  timeScale: z.number(),
  verdict,
  /** Why it is unknown, in one line. */
  why: text.optional(),
  exercised: z.array(exercisedResultSchema),
  invariants: z.array(invariantResultSchema),
  /** How many events the history has, and the hash of its canonical lines. */
  events: z.number().int(),
  hash: text,
  /** Scenario milliseconds played, and real milliseconds it took. */
  scenarioMs: z.number(),
  realMs: z.number(),
  /** The history's file, below the run folder. */
  history: text,
  /** The command that plays it again. */
  replay: text,
})
export type ScenarioResult = z.infer<typeof scenarioResultSchema>

/** One `tunnelproof run`: the content of result.json. */
export const runResultSchema = z.object({
  version: z.literal(1),
  tool: text,
  /** ISO 8601. */
  startedAt: text,
  realMs: z.number(),
  /** What each world ran on: { sim: '…', wire: 'Toxiproxy 2.12.0 (binary)' }. */
  worlds: z.record(text, text),
  /** What was asked for, files of one's own by their absolute paths: what a replay loads. */
  given: z.object({ client: text, server: text, toxiproxy: text }).optional(),
  verdict,
  results: z.array(scenarioResultSchema),
  /** Scenarios that were not played, and why: the client lacks what they are about. */
  skipped: z.array(z.object({ scenario: text, title: text, world: text, why: text })),
})
export type RunResult = z.infer<typeof runResultSchema>

/** All findings of a scenario result, with the invariant each belongs to. */
export function findingsOf(result: ScenarioResult): {
  readonly id: string
  readonly message: string
  readonly ops: string[]
  readonly evidence: number[]
}[] {
  return result.invariants.flatMap(({ id, findings }) =>
    findings.map((finding) => ({ id, ...finding })),
  )
}
