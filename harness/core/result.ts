import { z } from 'zod'
import { FORMAT_VERSION } from './format-version.ts'

const verdict = z.enum(['pass', 'fail', 'unknown'])
const text = z.string()

/** A breach; see Finding in invariant.ts. */
export const findingSchema = z.object({
  message: text,
  opIds: z.array(text),
  evidence: z.array(z.number().int()),
})

/** The verdict of one invariant on one history. */
export const invariantResultSchema = z.object({
  id: text,
  promise: text,
  /**
   * idle: the run had nothing to check, or the client does not declare what is needed. An idle
   * invariant has no influence on the verdict of the run.
   */
  verdict: z.enum(['pass', 'fail', 'unknown', 'idle']),
  judged: z.number().int(),
  /** The reason for unknown or idle. */
  why: text.optional(),
  /** A measured number with its unit, on a pass too. */
  figure: text.optional(),
  findings: z.array(findingSchema),
})
export type InvariantResult = z.infer<typeof invariantResultSchema>

/** A count that the scenario demands (`least`), and the count of the run (`got`). */
export const exercisedResultSchema = z.object({ what: text, least: z.number(), got: z.number() })

/** The judged run of one scenario in one world. */
export const scenarioResultSchema = z.object({
  scenario: text,
  title: text,
  story: text,
  world: text,
  client: text,
  server: text,
  /** 'holdings': the server reports no writes, and its commits are derived. Absent: it does. */
  serverTells: z.enum(['writes', 'holdings']).optional(),
  seed: z.number().int(),
  timeScale: z.number(),
  verdict,
  /** The reason for unknown, in one line. */
  why: text.optional(),
  exercised: z.array(exercisedResultSchema),
  invariants: z.array(invariantResultSchema),
  /** The number of events in the history, and the hash of its file. */
  events: z.number().int(),
  hash: text,
  /** The duration of the run, in scenario milliseconds and in real ones. */
  scenarioMs: z.number(),
  realMs: z.number(),
  /** The history's file, relative to the run folder. */
  history: text,
  /** The command that repeats the run. */
  replay: text,
})
export type ScenarioResult = z.infer<typeof scenarioResultSchema>

/** The content of result.json: all results of one `tunnelproof run`. */
export const runResultSchema = z.object({
  version: z.literal(FORMAT_VERSION),
  tool: text,
  /** ISO 8601. */
  startedAt: text,
  realMs: z.number(),
  /** The description of each world: `{ wire: 'Toxiproxy 2.12.0 (binary)' }`. */
  worlds: z.record(text, text),
  /** The arguments of the run, for a replay. The user's own files have absolute paths. */
  invocation: z
    .object({
      client: text,
      /** The clients of a run with several, of which `client` is the first. */
      clients: z.array(z.object({ name: text, source: text })).optional(),
      server: text,
      dump: text.optional(),
      toxiproxy: text,
    })
    .optional(),
  verdict,
  results: z.array(scenarioResultSchema),
  /** The scenarios that were not played because the client lacks a capability, with the reason. */
  skipped: z.array(
    z.object({
      scenario: text,
      title: text,
      world: text,
      client: text.optional(),
      why: text,
    }),
  ),
})
export type RunResult = z.infer<typeof runResultSchema>

/** Returns all findings of a result, each with the id of its invariant. */
export function findingsOf(result: ScenarioResult): {
  readonly id: string
  readonly message: string
  readonly opIds: string[]
  readonly evidence: number[]
}[] {
  return result.invariants.flatMap(({ id, findings }) =>
    findings.map((finding) => ({ id, ...finding })),
  )
}

/** Returns the ids of the breached invariants, each once. */
export function breachedIds(result: ScenarioResult): string[] {
  return [...new Set(findingsOf(result).map(({ id }) => id))]
}
