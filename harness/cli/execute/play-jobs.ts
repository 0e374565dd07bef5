import { performance } from 'node:perf_hooks'
import type { Effect } from '../../core/effect.ts'
import { History } from '../../core/history.ts'
import { historyHead } from '../../core/history-head.ts'
import type { Invariant } from '../../core/invariant.ts'
import { messageOf } from '../../core/problem.ts'
import { findingsOf, type ScenarioResult } from '../../core/result.ts'
import { spanText } from '../../core/time.ts'
import type { Trace } from '../../core/trace.ts'
import type { World } from '../../core/world.ts'
import { type RunFiles, type RunJudgement, scenarioResult } from '../../run/result.ts'
import { runScenario } from '../../run/run.ts'
import { settleFor } from '../../run/settle.ts'
import type { Interruption } from '../interrupt.ts'
import type { Progress, Task } from '../progress/progress.ts'
import { type Job, type SkippedJob, skip } from './plan.ts'

export interface JudgedJob {
  readonly job: Job
  readonly result: ScenarioResult
  readonly history: History
}

export interface PlayJobsOptions {
  readonly jobs: readonly Job[]
  readonly worlds: ReadonlyMap<string, World>
  readonly invariants: readonly Invariant[]
  readonly effects: ReadonlyMap<string, Effect>
  readonly progress: Progress
  readonly interruption: Interruption
  /** Returns where the job's history is saved, and the command that replays it. */
  readonly filesOf: (job: Job) => RunFiles
  /** Called as soon as a job is judged, so that an interruption loses nothing. */
  readonly saveResult: (result: ScenarioResult, history: History) => void
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
  const { jobs, worlds, progress } = options
  const judged = new Map<Job, JudgedJob>()
  const interrupted: SkippedJob[] = []
  for (const [name, world] of worlds) {
    const jobsHere = longestFirst(
      jobs.filter((job) => job.world === name),
      world,
    )
    if (jobsHere.length === 0) continue
    const tasks = jobsHere.map(
      (job): Task => ({
        title: job.scenario.name,
        run: async (onPhase) => {
          const judgedJob = await playJob(job, world, options, onPhase)
          if (!judgedJob) {
            interrupted.push(skip(job, 'interrupted before it was judged'))
            return undefined
          }
          judged.set(job, judgedJob)
          return { verdict: judgedJob.result.verdict, text: endText(judgedJob.result) }
        },
      }),
    )
    await progress.play(`${name}: ${world.about}`, tasks, world.concurrency)
  }
  return { judged: jobs.flatMap((job) => judged.get(job) ?? []), interrupted }
}

/** Plays and judges a job. Resolves to undefined if a signal arrived before the verdict. */
async function playJob(
  job: Job,
  world: World,
  { invariants, effects, interruption, filesOf, saveResult, traceOf }: PlayJobsOptions,
  onPhase: (phase: string) => void,
): Promise<JudgedJob | undefined> {
  if (interruption.exitCode !== undefined) return undefined
  const began = performance.now()
  const files = filesOf(job)
  const attempt = runScenario({
    ...job,
    world,
    invariants,
    effects,
    onPhase,
    now: () => performance.now(),
    files,
    ...(traceOf && { trace: traceOf(job) }),
  }).catch((cause) => abortedJob(job, world, cause, performance.now() - began, files))
  const outcome = await Promise.race([attempt, interruption.signalled])
  if (!outcome) return undefined
  saveResult(outcome.result, outcome.history)
  return { job, ...outcome }
}

/** Returns `unknown` with the reason for a job that threw. The other jobs are played anyway. */
function abortedJob(job: Job, world: World, cause: unknown, realMs: number, files: RunFiles) {
  const timeScale = job.timeScale ?? job.scenario.timeScale
  const history = new History(historyHead({ ...job, timeScale }, world.name), [])
  const judgement: RunJudgement = {
    verdict: 'unknown',
    why: `it could not be played to its end: ${messageOf(cause).split('\n')[0]}`,
    exercised: [],
    invariants: [],
  }
  return { history, result: scenarioResult({ history, judgement, realMs, files }) }
}

/** Sorts jobs that run concurrently: the longest first, so that none runs alone at the end. */
function longestFirst(jobs: readonly Job[], { concurrency }: World): readonly Job[] {
  if (concurrency <= 1) return jobs
  const realMs = ({ scenario, client, timeScale }: Job) =>
    (scenario.healAt + settleFor(scenario, client.capabilities.recovery)) /
    (timeScale ?? scenario.timeScale)
  return [...jobs].sort((a, b) => realMs(b) - realMs(a))
}

/** Returns the end of a progress line: 'fail  NO-LOSS, CONVERGE  3.1 s'. */
function endText(result: ScenarioResult): string {
  const breached = [...new Set(findingsOf(result).map(({ id }) => id))].join(', ')
  const reason = result.verdict === 'unknown' ? (result.why ?? '') : ''
  const parts = [result.verdict.padEnd(7), breached || reason, spanText(result.realMs)]
  return parts.filter((part) => part !== '').join('  ')
}
