import { performance } from 'node:perf_hooks'
import { History } from '../core/history.ts'
import { historyHead } from '../core/history-head.ts'
import type { Invariant } from '../core/invariant.ts'
import { messageOf } from '../core/problem.ts'
import { findingsOf, type ScenarioResult } from '../core/result.ts'
import { spanText } from '../core/time.ts'
import type { World } from '../core/world.ts'
import { settleFor } from '../run/play.ts'
import { type RunFiles, type RunJudgement, scenarioResult } from '../run/result.ts'
import { runScenario } from '../run/run.ts'
import type { Interruption } from './interrupt.ts'
import { type Job, type Skipped, skip } from './plan.ts'
import type { Progress, Task } from './progress/progress.ts'

export interface Played {
  readonly job: Job
  readonly result: ScenarioResult
  readonly history: History
}

export interface PlayOptions {
  readonly jobs: readonly Job[]
  readonly worlds: ReadonlyMap<string, World>
  readonly invariants: readonly Invariant[]
  readonly progress: Progress
  readonly interruption: Interruption
  /** Where the job's history will lie, and the command that replays it. */
  readonly filesOf: (job: Job) => RunFiles
  /** Called as soon as a job is judged, so that an interruption loses nothing. */
  readonly save: (result: ScenarioResult, history: History) => void
}

/** Plays the jobs world by world, and says which were given up. Results come in the order of the jobs. */
export async function playAll(
  options: PlayOptions,
): Promise<{ readonly played: readonly Played[]; readonly givenUp: readonly Skipped[] }> {
  const { jobs, worlds, progress } = options
  const played = new Map<Job, Played>()
  const givenUp: Skipped[] = []
  for (const [name, world] of worlds) {
    const mine = longestFirst(
      jobs.filter((job) => job.world === name),
      world,
    )
    if (mine.length === 0) continue
    const tasks = mine.map(
      (job): Task => ({
        title: job.scenario.name,
        run: async (onPhase) => {
          const done = await playOne(job, world, options, onPhase)
          if (!done) {
            givenUp.push(skip(job, 'interrupted before it was judged'))
            return undefined
          }
          played.set(job, done)
          return { verdict: done.result.verdict, text: endText(done.result) }
        },
      }),
    )
    await progress.play(`${name}: ${world.about}`, tasks, world.concurrency)
  }
  return { played: jobs.flatMap((job) => played.get(job) ?? []), givenUp }
}

/** Undefined when a signal came before the verdict. */
async function playOne(
  job: Job,
  world: World,
  { invariants, interruption, filesOf, save }: PlayOptions,
  onPhase: (phase: string) => void,
): Promise<Played | undefined> {
  if (interruption.exitCode !== undefined) return undefined
  const began = performance.now()
  const files = filesOf(job)
  const attempt = runScenario({
    ...job,
    world,
    invariants,
    onPhase,
    now: () => performance.now(),
    files,
  }).catch((cause) => broken(job, world, cause, performance.now() - began, files))
  const outcome = await Promise.race([attempt, interruption.signalled])
  if (!outcome) return undefined
  save(outcome.result, outcome.history)
  return { job, ...outcome }
}

/** What could not be played to its end is unknown, with the reason, and does not keep the others from being played. */
function broken(job: Job, world: World, cause: unknown, realMs: number, files: RunFiles) {
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

/** Where scenarios run side by side the longest begin, so that none is left to run alone at the end. */
function longestFirst(jobs: readonly Job[], { concurrency }: World): readonly Job[] {
  if (concurrency <= 1) return jobs
  const realMs = ({ scenario, client, timeScale }: Job) =>
    (scenario.healAt + settleFor(scenario, client.capabilities.recovery)) /
    (timeScale ?? scenario.timeScale)
  return [...jobs].sort((a, b) => realMs(b) - realMs(a))
}

/** 'fail  NO-LOSS, CONVERGE  3.1 s' */
function endText(result: ScenarioResult): string {
  const breached = [...new Set(findingsOf(result).map(({ id }) => id))].join(', ')
  const said = [
    result.verdict.padEnd(7),
    breached || (result.verdict === 'unknown' ? (result.why ?? '') : ''),
    spanText(result.realMs),
  ]
  return said.filter((part) => part !== '').join('  ')
}
