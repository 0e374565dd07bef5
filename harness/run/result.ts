import type { History } from '../core/history.ts'
import type { ScenarioResult } from '../core/result.ts'

/** The verdict on one run, with its reasons. */
export type RunJudgement = Pick<ScenarioResult, 'verdict' | 'why' | 'exercised' | 'invariants'>

/** The history's file and the replay command of a run; empty texts if nothing was written. */
export type RunFiles = Pick<ScenarioResult, 'history' | 'replay'>

export interface JudgedRun {
  readonly history: History
  readonly judgement: RunJudgement
  /** The duration of the run in real milliseconds. */
  readonly realMs: number
  readonly files: RunFiles
}

/** Returns the complete result of a run, even of one that could not be played to its end. */
export function scenarioResult({ history, judgement, realMs, files }: JudgedRun): ScenarioResult {
  const { scenario, world, client, server, seed, timeScale } = history.head
  return {
    scenario: scenario.name,
    title: scenario.title,
    story: scenario.story,
    world,
    client: client.name,
    server: server.name,
    ...(server.tells && { serverTells: server.tells }),
    seed,
    timeScale,
    ...judgement,
    events: history.all.length,
    hash: history.hash(),
    scenarioMs: history.all.at(-1)?.t ?? 0,
    realMs: Math.round(realMs),
    ...files,
  }
}
