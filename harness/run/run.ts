import type { ClientDefinition } from '../core/client.ts'
import type { Effect } from '../core/effect.ts'
import type { History } from '../core/history.ts'
import type { Invariant } from '../core/invariant.ts'
import type { ScenarioResult } from '../core/result.ts'
import type { Scenario } from '../core/scenario.ts'
import type { ServerDefinition } from '../core/server.ts'
import { spanText } from '../core/time.ts'
import type { Trace } from '../core/trace.ts'
import type { LogLine, World } from '../core/world.ts'
import { judge } from './judge.ts'
import { type Phase, play } from './play.ts'
import { type RunFiles, type RunJudgement, scenarioResult } from './result.ts'
import { timeScaleOf } from './time-scale.ts'

export interface RunOptions {
  readonly world: World
  readonly scenario: Scenario
  readonly client: ClientDefinition
  readonly server: ServerDefinition
  readonly seed: number
  readonly invariants: readonly Invariant[]
  /** The effects that the scenario's faults can name. */
  readonly effects: ReadonlyMap<string, Effect>
  /** Scenario milliseconds per real millisecond. Default: the scenario's own. */
  readonly timeScale?: number
  readonly onPhase?: (phase: Phase) => void
  /** Returns real milliseconds from any zero, to measure `realMs`. Default: `realMs` is 0. */
  readonly now?: () => number
  /** The history's file and the replay command, for the result. Default: empty texts. */
  readonly files?: RunFiles
  /** Shows what happens inside the world while it happens. Default: nothing is shown. */
  readonly trace?: Trace
  /**
   * Called before each attempt. The function that it returns receives what the code under test
   * writes to its log; only the last attempt's log belongs to the result. Default: it is dropped.
   */
  readonly newLog?: () => (line: LogLine) => void
}

/**
 * The most scenario milliseconds that a machine may fall behind. Beyond it, the machine rather than
 * the client may be the reason why a run did not pass.
 */
const STRAIN_MAX_MS = 5000
/** The most times that such a run is played again, each time at half the speed. */
const SLOWER_TRIES = 2

/**
 * Plays one scenario in one world and judges it. If the machine was too slow and the run did not
 * pass, plays it again at half the speed.
 */
export async function runScenario(
  options: RunOptions,
): Promise<{ result: ScenarioResult; history: History }> {
  const { now = () => 0, files = { history: '', replay: '' } } = options
  const began = now()
  let timeScale = timeScaleOf(options)
  let attempt = await attemptAt(options, timeScale)
  for (let tries = 0; isStrained(attempt) && tries < SLOWER_TRIES; tries++) {
    timeScale /= 2
    attempt = await attemptAt(options, timeScale)
  }
  const { history, strain } = attempt
  const judgement: RunJudgement = {
    ...attempt.judgement,
    ...(isStrained(attempt) && {
      verdict: 'unknown',
      why:
        `this machine fell ${spanText(strain)} of scenario time behind ` +
        `at time scale ${timeScale}: try a smaller --time-scale`,
    }),
  }
  const realMs = now() - began
  return { history, result: scenarioResult({ history, judgement, realMs, files }) }
}

interface Attempt {
  readonly history: History
  readonly judgement: RunJudgement
  readonly strain: number
}

/**
 * Returns true if the machine may have caused the verdict. A pass is never in doubt: the invariants
 * held although the machine was slow, and the scenario was exercised.
 */
function isStrained({ judgement, strain }: Attempt): boolean {
  return judgement.verdict !== 'pass' && strain > STRAIN_MAX_MS
}

async function attemptAt(options: RunOptions, timeScale: number): Promise<Attempt> {
  const { world, scenario, client, server, seed, invariants, effects, onPhase, trace } = options
  const log = options.newLog?.()
  const { recovery } = client.capabilities
  const setting = {
    ...{ scenario, client, server, seed, timeScale },
    ...(trace && { trace }),
    ...(log && { log }),
  }
  const stage = await world.open(setting)
  try {
    const history = await play(stage, scenario, { effects, recovery, ...(onPhase && { onPhase }) })
    return { history, judgement: judge(history, invariants), strain: stage.strain() }
  } finally {
    await stage.close()
  }
}
