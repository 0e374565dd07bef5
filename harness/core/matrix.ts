import { z } from 'zod'
import { FORMAT_VERSION } from './format-version.ts'

const text = z.string()
const count = z.number().int().nonnegative()

/**
 * The verdict of a cell: the invariants that fail, sorted; or pass, unknown; or skipped, if the
 * client lacks a capability that the scenario needs.
 */
export const cellVerdictSchema = z.union([
  z.enum(['pass', 'unknown', 'skipped']),
  z.array(text).min(1),
])
export type CellVerdict = z.infer<typeof cellVerdictSchema>

/** The runs of a cell in one world, and the figures over all of them. */
export const cellOutcomeSchema = z.object({
  /** With several seeds: every invariant that failed with one of them. */
  verdict: cellVerdictSchema,
  /** The number of runs, and of those that have the verdict of the cell: 2 of 3 failed. */
  runs: count,
  alike: count,
  /** The first finding of the first run that failed, in one sentence. */
  finding: text.optional(),
  /** The events that prove it, one a line: moment, node, what happened. */
  evidence: z.array(text),
  /** The reason for unknown or skipped. */
  why: text.optional(),
  /** The command that plays this run again. */
  replay: text.optional(),
  /** The writes that were sent, the requests that carried one, and the bytes of their bodies. */
  cost: z.object({ writes: count, requests: count, bytes: count }),
  /** The longest time to recover, in scenario milliseconds. Absent: a run did not recover. */
  recoveryMs: z.number().nonnegative().optional(),
})
export type CellOutcome = z.infer<typeof cellOutcomeSchema>

/**
 * Why a cell fails the matrix, in one sentence. expected: it has another verdict than expected;
 * worlds: sim and wire do not agree; seed: one seed gave two histories.
 */
const differenceSchema = z.object({ kind: z.enum(['expected', 'worlds', 'seed']), text })
export type Difference = z.infer<typeof differenceSchema>

/** A scenario of a row: what is expected, and what came. */
export const matrixCellSchema = z.object({
  scenario: text,
  expected: cellVerdictSchema.optional(),
  /** Why it fails, and the script that shows the same without tunnelproof. */
  why: text.optional(),
  confirmed: text.optional(),
  sim: cellOutcomeSchema.optional(),
  wire: cellOutcomeSchema.optional(),
  differences: z.array(differenceSchema),
})
export type MatrixCell = z.infer<typeof matrixCellSchema>

/** A library with its server. */
export const matrixRowSchema = z.object({
  /** 'pouchdb', 'rxdb/memory': the folder, and the NAME of expected.NAME.json. */
  name: text,
  title: text,
  library: text,
  version: text.optional(),
  backend: text,
  /** Lines of our files, without blank ones and comments. Absent: the file is not in the row. */
  clientLines: count.optional(),
  serverLines: count.optional(),
  /** Judged runs in the sim per second of processor time. */
  runsPerCoreSecond: z.number().nonnegative().optional(),
  /** A hash over the histories of all runs in the sim. */
  digest: text.optional(),
  /** Why the row could not be played, and what to do. It has no cells then. */
  problem: text.optional(),
  cells: z.array(matrixCellSchema),
})
export type MatrixRow = z.infer<typeof matrixRowSchema>

/** The content of matrix.json: all rows of one `tunnelproof matrix`. */
export const matrixSchema = z.object({
  version: z.literal(FORMAT_VERSION),
  tool: text,
  /** ISO 8601. */
  startedAt: text,
  realMs: z.number(),
  seeds: z.array(count),
  /** The description of each world. */
  worlds: z.record(text, text),
  /** Each scenario that a row plays. */
  scenarios: z.array(z.object({ name: text, title: text, story: text })),
  rows: z.array(matrixRowSchema),
})
export type Matrix = z.infer<typeof matrixSchema>

/** The outcome that a cell shows: that of the sim, if it was played there. */
export function shownOutcome({ sim, wire }: MatrixCell): CellOutcome | undefined {
  return sim ?? wire
}

/** Returns true for the invariants that fail. */
export function isFailure(verdict: CellVerdict | undefined): verdict is string[] {
  return Array.isArray(verdict)
}
