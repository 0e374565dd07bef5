import type { ClientDefinition } from '../core/client.ts'
import type { History } from '../core/history.ts'
import type { Invariant } from '../core/invariant.ts'
import type { ScenarioResult } from '../core/result.ts'
import type { Scenario } from '../core/scenario.ts'
import type { ServerDefinition } from '../core/server.ts'
import { spanText } from '../core/time.ts'
import type { World } from '../core/world.ts'
import { type Judged, judge } from './judge.ts'
import { type Phase, play } from './play.ts'

export interface RunOptions {
  readonly world: World
  readonly scenario: Scenario
  readonly client: ClientDefinition
  readonly server: ServerDefinition
  readonly seed: number
  readonly invariants: readonly Invariant[]
  /** Default: the scenario's own. */
  readonly timeScale?: number
  readonly onPhase?: (phase: Phase) => void
  /** Real milliseconds from any zero, for `realMs`. Without it no time is told. */
  readonly now?: () => number
}

/** Beyond this lateness, in scenario milliseconds, a run that did not pass may say more about the machine than about the client. */
const MOST_STRAIN = 5000
/** How often a strained run is played again, each time at half the speed. */
const SLOWER_TRIES = 2

/** Plays one scenario in one world and judges it. `result.history` and `result.replay` are for the caller to fill in, who knows the files. */
export async function runScenario(
  options: RunOptions,
): Promise<{ result: ScenarioResult; history: History }> {
  const { world, scenario, client, server, seed, now = () => 0 } = options
  const began = now()
  let timeScale = options.timeScale ?? scenario.timeScale
  let attempt = await attemptAt(options, timeScale)
  for (let tries = 0; isDoubtful(attempt) && tries < SLOWER_TRIES; tries++) {
    timeScale /= 2
    attempt = await attemptAt(options, timeScale)
  }
  const { history, judged, strain } = attempt
  const last = history.all.at(-1)?.t ?? 0
  return {
    history,
    result: {
      scenario: scenario.name,
      title: scenario.title,
      story: scenario.story,
      world: world.name,
      client: client.name,
      server: server.name,
      seed,
      timeScale: history.head.timeScale,
      ...judged,
      ...(isDoubtful(attempt) && {
        verdict: 'unknown' as const,
        why: `this machine fell ${spanText(strain)} of scenario time behind at time scale ${timeScale}: try a smaller --time-scale`,
      }),
      events: history.all.length,
      hash: history.hash(),
      scenarioMs: last,
      realMs: Math.round(now() - began),
      history: '',
      replay: '',
    },
  }
}

interface Attempt {
  readonly history: History
  readonly judged: Judged
  readonly strain: number
}

/** A pass is a pass: the invariants held, and the scenario was exercised. Anything else may be the machine's doing. */
function isDoubtful({ judged, strain }: Attempt): boolean {
  return judged.verdict !== 'pass' && strain > MOST_STRAIN
}

async function attemptAt(options: RunOptions, timeScale: number): Promise<Attempt> {
  const { world, scenario, client, server, seed, invariants, onPhase } = options
  const stage = await world.open({ scenario, client, server, seed, timeScale })
  try {
    const history = await play(stage, scenario, client.capabilities.recovery, onPhase)
    return { history, judged: judge(history, invariants), strain: stage.strain() }
  } finally {
    await stage.close()
  }
}
