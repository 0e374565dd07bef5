import { evidencePrinter } from '../../../reports/words/evidence.ts'
import { type CellRun, cellOutcome } from '../../campaign/cell-outcome.ts'
import { verdictText } from '../../campaign/differences.ts'
import { recoveryMs } from '../../campaign/recovery.ts'
import type { History } from '../../core/history.ts'
import type { CellVerdict } from '../../core/matrix.ts'
import { findingsOf, type ScenarioResult } from '../../core/result.ts'
import type { Scenario } from '../../core/scenario.ts'
import { spanText } from '../../core/time.ts'
import { costOfSending } from '../../invariants/reading/sending-cost.ts'
import type { Job } from '../execute/plan.ts'
import { type PlayJobOptions, playJob } from '../execute/play-jobs.ts'
import type { Player } from '../execute/player.ts'
import type { Progress, Task } from '../progress/progress.ts'

/** The runs of a scenario in one world, with one seed each. */
export interface PlayedCell {
  readonly scenario: string
  readonly runs: readonly CellRun[]
}

export interface PlayCellsOptions extends PlayJobOptions {
  /** A line above the cells: 'PouchDB, sim'. */
  readonly heading: string
  readonly player: Player
  readonly progress: Progress
  /** Returns the jobs of a cell, one for each seed. */
  readonly cells: readonly { readonly scenario: Scenario; readonly jobs: readonly Job[] }[]
  /** Returns what is not as expected in the runs, or undefined. */
  readonly difference: (cell: PlayedCell) => string | undefined
}

/**
 * Plays cells, each as one line of the progress: ticked if it is as expected. A cell that a signal
 * interrupted is left out.
 */
export async function playCells(options: PlayCellsOptions): Promise<PlayedCell[]> {
  const { heading, player, progress, cells, difference } = options
  const played = new Map<string, PlayedCell>()
  const tasks = cells.map(
    ({ scenario: { name }, jobs }): Task => ({
      title: name,
      run: async (onPhase) => {
        const runs: CellRun[] = []
        for (const [i, job] of jobs.entries()) {
          const seed = jobs.length > 1 ? `seed ${job.seed} (${i + 1} of ${jobs.length}) ` : ''
          const judged = await playJob(job, player, options, (phase) => onPhase(seed + phase))
          if (!judged) return undefined
          runs.push(cellRun(judged.result, judged.history))
        }
        const cell = { scenario: name, runs }
        played.set(name, cell)
        const differs = difference(cell)
        const text = endText(runs, differs)
        return { verdict: differs === undefined ? 'pass' : 'fail', text }
      },
    }),
  )
  await progress.play(heading, tasks, player.concurrency)
  return cells.flatMap(({ scenario: { name } }) => played.get(name) ?? [])
}

const EVIDENCE_WIDTH = 160

function cellRun(result: ScenarioResult, history: History): CellRun {
  const [first] = findingsOf(result)
  return {
    result,
    cost: costOfSending(history),
    recoveryMs: recoveryMs(history, result.invariants),
    evidence: first ? evidencePrinter(history)(first.evidence, EVIDENCE_WIDTH) : [],
  }
}

function endText(runs: readonly CellRun[], difference: string | undefined): string {
  const { verdict } = cellOutcome(runs)
  const took = spanText(runs.reduce((sum, { result }) => sum + result.realMs, 0))
  const parts = [shortText(verdict), took, ...(difference === undefined ? [] : [difference])]
  return parts.join('  ')
}

const shortText = (verdict: CellVerdict) =>
  Array.isArray(verdict) ? `fail: ${verdict.join(', ')}` : verdictText(verdict)
