import { performance } from 'node:perf_hooks'
import type { History } from '../../core/history.ts'
import { messageOf } from '../../core/problem.ts'
import { breachedIds, type ScenarioResult } from '../../core/result.ts'
import { spanText } from '../../core/time.ts'
import type { Trace } from '../../core/trace.ts'
import type { RunFiles } from '../../run/result.ts'
import { settleFor } from '../../run/settle.ts'
import type { Interruption } from '../interrupt.ts'
import type { Progress, Task } from '../progress/progress.ts'
import { type Job, type SkippedJob, skip, titlesOf } from './plan.ts'
import { type About, historyOf, type PlayedRun, type Player, unfinishedRun } from './player.ts'
import { RunLogs } from './run-logs.ts'

export interface JudgedJob extends PlayedRun {
  readonly job: Job
}

export interface PlayJobsOptions {
  readonly jobs: readonly Job[]
  /** By world. */
  readonly players: ReadonlyMap<string, Player>
  readonly progress: Progress
  readonly interruption: Interruption
  /** Returns where the job's history is saved, and the command that replays it. */
  readonly filesOf: (job: Job) => RunFiles
  /** Called as soon as a job is judged, so that an interruption loses nothing. */
  readonly saveResult: (result: ScenarioResult, history: History, logs: RunLogs) => void
  /** Default: no trace. */
  readonly traceOf?: (job: Job) => Trace
}

export interface PlayedJobs {
  /** In the order of the jobs. */
  readonly judged: readonly JudgedJob[]
  readonly interrupted: readonly SkippedJob[]
}

/** Plays the jobs, one world after the other. */
export async function playJobs(options: PlayJobsOptions): Promise<PlayedJobs> {
  const { jobs, players, progress } = options
  const judged = new Map<Job, JudgedJob>()
  const interrupted: SkippedJob[] = []
  const titleOf = titlesOf(jobs)
  for (const [world, player] of players) {
    const jobsHere = jobs.filter((job) => job.world === world)
    if (jobsHere.length === 0) continue
    const tasks = (world === 'sim' ? jobsHere : longestFirst(jobsHere)).map(
      (job): Task => ({
        title: titleOf(job),
        run: async (onPhase) => {
          const judgedJob = await playJob(job, player, options, onPhase)
          if (!judgedJob) {
            interrupted.push(skip(job, 'interrupted before it was judged'))
            return undefined
          }
          judged.set(job, judgedJob)
          return { verdict: judgedJob.result.verdict, text: endText(judgedJob.result) }
        },
      }),
    )
    await progress.play(`${world}: ${player.about}`, tasks, player.concurrency)
  }
  return { judged: jobs.flatMap((job) => judged.get(job) ?? []), interrupted }
}

/** The options of a single job. */
export type PlayJobOptions = Pick<
  PlayJobsOptions,
  'interruption' | 'filesOf' | 'saveResult' | 'traceOf'
>

/** Plays and judges a job. Resolves to undefined if a signal arrived before the verdict. */
export async function playJob(
  job: Job,
  player: Player,
  { interruption, filesOf, saveResult, traceOf }: PlayJobOptions,
  onPhase: (phase: string) => void,
): Promise<JudgedJob | undefined> {
  if (interruption.exitCode !== undefined) return undefined
  const began = performance.now()
  const files = filesOf(job)
  const logs = new RunLogs()
  const attempt: Promise<PlayedRun> = player
    .play(job, {
      files,
      onPhase,
      newLog: () => logs.begin(),
      ...(traceOf && { trace: traceOf(job) }),
    })
    .catch((cause) => abortedRun(job, cause, { realMs: performance.now() - began, files }))
  const outcome = await Promise.race([attempt, interruption.signalled])
  if (!outcome) return undefined
  saveResult(outcome.result, outcome.history, logs)
  return { job, ...outcome }
}

/** Returns `unknown` with the reason for a job that threw. The other jobs are played anyway. */
function abortedRun(job: Job, cause: unknown, about: About): PlayedRun {
  const why = `it could not be played to its end: ${messageOf(cause).split('\n')[0]}`
  return unfinishedRun(why, historyOf(job, []), about)
}

/**
 * Sorts jobs of the wire, whose real time is known: the longest first, so that none runs alone at
 * the end.
 */
export function longestFirst<Played extends Pick<Job, 'scenario' | 'client' | 'timeScale'>>(
  jobs: readonly Played[],
): readonly Played[] {
  const realMs = ({ scenario, client, timeScale }: Played) =>
    (scenario.healAt + settleFor(scenario, client.capabilities.recovery)) /
    (timeScale ?? scenario.timeScale)
  return [...jobs].sort((a, b) => realMs(b) - realMs(a))
}

/** Returns the end of a progress line: 'fail  NO-LOSS, CONVERGE  3.1 s'. */
function endText(result: ScenarioResult): string {
  const breached = breachedIds(result).join(', ')
  const reason = result.verdict === 'unknown' ? (result.why ?? '') : ''
  const parts = [result.verdict.padEnd(7), breached || reason, spanText(result.realMs)]
  return parts.filter((part) => part !== '').join('  ')
}
