import type { Event } from '../../core/event.ts'
import { History } from '../../core/history.ts'
import { historyHead } from '../../core/history-head.ts'
import type { ScenarioResult } from '../../core/result.ts'
import type { Trace } from '../../core/trace.ts'
import type { LogLine } from '../../core/world.ts'
import {
  type JudgedRun,
  type RunFiles,
  type RunJudgement,
  scenarioResult,
} from '../../run/result.ts'
import { timeScaleOf } from '../../run/time-scale.ts'
import type { Job } from './plan.ts'

export interface PlayedRun {
  readonly result: ScenarioResult
  readonly history: History
}

export interface PlayOptions {
  readonly files: RunFiles
  readonly onPhase: (phase: string) => void
  /** Called before each attempt; only the last attempt's log counts. */
  readonly newLog: () => (line: LogLine) => void
  /** Default: no trace. */
  readonly trace?: Trace
}

/** Plays and judges jobs in a world. */
export interface Player {
  /** Describes the world in one line. */
  readonly about: string
  /** The number of jobs that can be played at a time. */
  readonly concurrency: number
  /** Rejects if the job cannot be played to its end. */
  play(job: Job, options: PlayOptions): Promise<PlayedRun>
  /** Stops everything that was started for this world. */
  close(): Promise<void>
}

/** Returns the history of a job, of which these events are known. */
export function historyOf(job: Job, events: readonly Event[]): History {
  const timeScale = job.world === 'sim' ? 1 : timeScaleOf(job)
  return new History(historyHead({ ...job, timeScale }, job.world), events)
}

/** The part of a result that does not come from the history. */
export type About = Pick<JudgedRun, 'realMs' | 'files'>

/** Returns `unknown` with the reason for a job that was not played to its end. */
export function unfinishedRun(why: string, history: History, { realMs, files }: About): PlayedRun {
  const judgement: RunJudgement = { verdict: 'unknown', why, exercised: [], invariants: [] }
  return { history, result: scenarioResult({ history, judgement, realMs, files }) }
}
