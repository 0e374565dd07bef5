import { availableParallelism } from 'node:os'
import { performance } from 'node:perf_hooks'
import { FORMAT_VERSION } from '../../core/format-version.ts'
import type { History } from '../../core/history.ts'
import type { Matrix, MatrixRow } from '../../core/matrix.ts'
import { Problem } from '../../core/problem.ts'
import type { ScenarioResult } from '../../core/result.ts'
import type { Scenario } from '../../core/scenario.ts'
import { catalog } from '../catalog/catalog.ts'
import { toolName } from '../catalog/home.ts'
import { openWorlds, type WorldsOptions } from '../execute/open-worlds.ts'
import type { Player } from '../execute/player.ts'
import { historyPath } from '../execute/run-folder.ts'
import type { RunLogs } from '../execute/run-logs.ts'
import type { Interruption } from '../interrupt.ts'
import type { WireChoice } from '../options.ts'
import type { Progress } from '../progress/progress.ts'
import { type DescribedRow, type LoadedRow, loadRow } from './load-row.ts'
import { aboutRow, playRow } from './play-row.ts'
import { replayCommandOf } from './replay-command.ts'

export interface PlayMatrixOptions {
  readonly rows: readonly DescribedRow[]
  readonly scenarios: readonly Scenario[]
  readonly seeds: readonly number[]
  readonly wire: WireChoice
  readonly toxiproxy: string
  readonly cwd: string
  readonly progress: Progress
  readonly interruption: Interruption
  /** Called for each run that did not pass. */
  readonly saveResult: (
    row: DescribedRow,
    result: ScenarioResult,
    history: History,
    logs: RunLogs,
  ) => void
  /** The number of scenarios that the sim plays at a time. Default: one per core. */
  readonly jobs?: number | undefined
  /** The most real seconds of a run. */
  readonly timeout?: number | undefined
}

/** Plays the rows, one after the other. After a signal the rows that are left are not played. */
export async function playMatrix(options: PlayMatrixOptions): Promise<Matrix> {
  const { rows, scenarios, seeds, cwd, interruption } = options
  const startedAt = new Date()
  const began = performance.now()
  const worlds: Record<string, string> = {}
  const openWorld = await opener(options, (world, about) => {
    worlds[world] = about
  })
  const played: MatrixRow[] = []
  for (const row of rows) {
    if (interruption.exitCode !== undefined) break
    played.push(await playOrExplain(row, openWorld, options))
  }
  const names = new Set(rows.flatMap((row) => row.scenarios))
  return {
    version: FORMAT_VERSION,
    tool: toolName(),
    startedAt: startedAt.toISOString(),
    realMs: Math.round(performance.now() - began),
    seeds: [...seeds],
    worlds,
    scenarios: [...names].flatMap((name) => {
      const scenario = scenarios.find((each) => each.name === name)
      return scenario ? [{ name, title: scenario.title, story: scenario.story }] : []
    }),
    rows: played,
  }

  async function playOrExplain(
    row: DescribedRow,
    open: OpenWorld,
    { wire, progress, saveResult }: PlayMatrixOptions,
  ): Promise<MatrixRow> {
    try {
      const loaded = await loadRow(row, cwd)
      return await playRow(loaded, {
        ...{ seeds, wire, progress },
        scenarios: new Map(scenarios.map((scenario) => [scenario.name, scenario])),
        openWorld: open,
        jobOptions: {
          interruption,
          filesOf: (job) => ({
            history: historyPath(job.scenario.name, job.world, {
              ...(seeds.length > 1 && { seed: job.seed }),
            }),
            replay: replayCommandOf(row, job, cwd),
          }),
          saveResult: (result, history, logs) => {
            if (result.verdict !== 'pass') saveResult(row, result, history, logs)
          },
        },
      })
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause
      return { ...aboutRow(row), problem: cause.message, cells: [] }
    }
  }
}

type OpenWorld = (world: 'sim' | 'wire', row: LoadedRow) => Promise<Player>

async function opener(
  { jobs, timeout, toxiproxy }: PlayMatrixOptions,
  onOpen: (world: string, about: string) => void,
): Promise<OpenWorld> {
  const common: Omit<WorldsOptions, 'names' | 'subjects'> = {
    toxics: await catalog.toxics(),
    effects: await catalog.effects(),
    invariants: await catalog.invariants(),
    toxiproxy,
    threads: jobs ?? availableParallelism(),
    timeoutMs: timeout === undefined ? undefined : timeout * 1000,
  }
  return async (world, { client, server }) => {
    const subjects = [{ client, server, policy: 'server-wins' }]
    const players = await openWorlds({ ...common, names: new Set([world]), subjects })
    const player = players.get(world)
    if (!player) throw new Error(`no player for the ${world}`)
    onOpen(world, player.about)
    return player
  }
}
