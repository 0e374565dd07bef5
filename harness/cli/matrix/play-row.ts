import { cellOutcome, skippedOutcome } from '../../campaign/cell-outcome.ts'
import { disagreement, unexpected } from '../../campaign/differences.ts'
import { sha256Hex } from '../../core/hash.ts'
import { type Difference, isFailure, type MatrixCell, type MatrixRow } from '../../core/matrix.ts'
import type { Scenario } from '../../core/scenario.ts'
import { reasonNotPlayable } from '../../run/playable.ts'
import type { Job } from '../execute/plan.ts'
import type { PlayJobOptions } from '../execute/play-jobs.ts'
import type { Player } from '../execute/player.ts'
import type { WireChoice } from '../options.ts'
import { processorMs } from '../processor-time.ts'
import type { Progress } from '../progress/progress.ts'
import type { DescribedRow, LoadedRow } from './load-row.ts'
import { type PlayedCell, playCells } from './play-cells.ts'

export interface PlayRowOptions {
  readonly scenarios: ReadonlyMap<string, Scenario>
  readonly seeds: readonly number[]
  readonly wire: WireChoice
  readonly progress: Progress
  readonly jobOptions: PlayJobOptions
  /** Opens a world for a row. It is closed when the row has been played. */
  readonly openWorld: (world: 'sim' | 'wire', row: LoadedRow) => Promise<Player>
}

/** Plays a row in the sim, then the chosen cells on the wire, and compares. */
export async function playRow(row: LoadedRow, options: PlayRowOptions): Promise<MatrixRow> {
  const scenarios = row.scenarios.flatMap((name) => options.scenarios.get(name) ?? [])
  const reasons = new Map(scenarios.map((each) => [each, reasonNotPlayable(each, row.client)]))
  const playable = scenarios.filter((scenario) => reasons.get(scenario) === undefined)
  const sim = row.wireOnly ? undefined : await playInSim(row, playable, options)
  const chosen = playable.filter(({ name }) => isChosen(options.wire, sim && cellOf(sim, name)))
  const wire = await playOnWire(row, chosen, sim, options)
  return {
    ...aboutRow(row),
    ...(sim && { runsPerCoreSecond: sim.runsPerCoreSecond, digest: sim.digest }),
    cells: scenarios.flatMap((scenario): MatrixCell[] => {
      const { name } = scenario
      const parts = {
        sim: sim && cellOf(sim, name),
        wire: cellOf(wire, name),
        skipped: reasons.get(scenario),
        unequal: sim?.unequal === name,
      }
      return parts.sim || parts.wire || parts.skipped ? [matrixCell(row, name, parts)] : []
    }),
  }
}

const cellOf = ({ cells }: PlayedCells, name: string) =>
  cells.find(({ scenario }) => scenario === name)

/** `cell` is undefined for a row that the sim cannot play: its wire has to show everything. */
function isChosen(wire: WireChoice, cell: PlayedCell | undefined): boolean {
  if (wire !== 'failing') return wire === 'all'
  return cell === undefined || isFailure(cellOutcome(cell.runs).verdict)
}

/** The part of a row that is known before it is played. */
export function aboutRow(row: DescribedRow): Omit<MatrixRow, 'cells'> {
  const { name, expected, clientLines, serverLines } = row
  const { title, library, version, backend } = expected
  return {
    ...{ name, title, library, backend },
    ...(version !== undefined && { version }),
    ...(clientLines !== undefined && { clientLines }),
    ...(serverLines !== undefined && { serverLines }),
  }
}

interface PlayedCells {
  readonly cells: readonly PlayedCell[]
}

interface PlayedInSim extends PlayedCells {
  readonly runsPerCoreSecond: number
  readonly digest: string
  /** The scenario of which two runs with one seed had two histories, if there is one. */
  readonly unequal?: string
}

/**
 * Before the clock runs, each thread plays the first run once: it loads the code, and shows
 * whether one seed gives one history.
 */
async function playInSim(
  row: LoadedRow,
  scenarios: readonly Scenario[],
  options: PlayRowOptions,
): Promise<PlayedInSim> {
  const { seeds, jobOptions, progress } = options
  const cells = scenarios.map((scenario) => ({
    scenario,
    jobs: jobsOf(row, scenario, 'sim', seeds),
  }))
  const player = await options.openWorld('sim', row)
  try {
    const [first] = cells.flatMap(({ jobs }) => jobs)
    const warm = first ? await warmUp(player, first) : []
    const began = processorMs()
    const played = await playCells({
      ...jobOptions,
      ...{ heading: `${row.name}, sim`, player, progress, cells },
      difference: ({ scenario, runs }) =>
        unexpected('sim', cellOutcome(runs).verdict, row.expected.cells.get(scenario)?.expect),
    })
    const spentMs = processorMs() - began
    const hashes = played.flatMap(({ runs }) => runs.map(({ result }) => result.hash))
    const again = played[0]?.runs[0]?.result.hash
    const equal = again === undefined || warm.every((hash) => hash === again)
    return {
      cells: played,
      runsPerCoreSecond: Math.round((hashes.length / Math.max(1, spentMs)) * 10_000) / 10,
      digest: sha256Hex(hashes.join(' ')),
      ...(!equal && first && { unequal: first.scenario.name }),
    }
  } finally {
    await player.close()
  }
}

/** Returns the hashes of the histories; none of a run that could not be played. */
async function warmUp(player: Player, job: Job): Promise<string[]> {
  const nowhere = { files: { history: '', replay: '' }, onPhase: () => {}, newLog: () => () => {} }
  const runs = Array.from({ length: player.concurrency }, () =>
    player.play(job, nowhere).then(
      ({ result }) => [result.hash],
      () => [],
    ),
  )
  return (await Promise.all(runs)).flat()
}

/** Plays each cell with one seed: the first that failed in the sim, or else the first. */
async function playOnWire(
  row: LoadedRow,
  scenarios: readonly Scenario[],
  sim: PlayedInSim | undefined,
  options: PlayRowOptions,
): Promise<PlayedCells> {
  if (scenarios.length === 0 || options.jobOptions.interruption.exitCode !== undefined)
    return { cells: [] }
  const resultsOf = (name: string) => sim && cellOf(sim, name)?.runs.map(({ result }) => result)
  const cells = scenarios.map((scenario) => {
    const failed = resultsOf(scenario.name)?.find(({ verdict }) => verdict === 'fail')
    const seed = failed?.seed ?? options.seeds[0] ?? 1
    return { scenario, jobs: jobsOf(row, scenario, 'wire', [seed]) }
  })
  const { jobOptions, progress } = options
  const player = await options.openWorld('wire', row)
  try {
    const played = await playCells({
      ...jobOptions,
      ...{ heading: `${row.name}, wire`, player, progress, cells },
      difference: ({ scenario, runs }) => {
        const expected = row.expected.cells.get(scenario)?.expect
        const [run] = runs
        const results = resultsOf(scenario)
        if (results && run) return disagreement(results, run.result)
        return unexpected('wire', cellOutcome(runs).verdict, expected)
      },
    })
    return { cells: played }
  } finally {
    await player.close()
  }
}

function jobsOf(
  { client, server }: LoadedRow,
  scenario: Scenario,
  world: Job['world'],
  seeds: readonly number[],
): Job[] {
  return seeds.map((seed) => ({ scenario, world, client, server, seed }))
}

interface CellParts {
  readonly sim: PlayedCell | undefined
  readonly wire: PlayedCell | undefined
  /** The reason for not playing it. */
  readonly skipped: string | undefined
  /** True if one seed gave two histories. */
  readonly unequal: boolean
}

function matrixCell(row: LoadedRow, scenario: string, parts: CellParts): MatrixCell {
  const { expect: expected, why, confirmed } = row.expected.cells.get(scenario) ?? {}
  const none = parts.skipped === undefined ? undefined : skippedOutcome(parts.skipped)
  const outcomeOf = (cell: PlayedCell | undefined) => (cell ? cellOutcome(cell.runs) : undefined)
  const sim = outcomeOf(parts.sim) ?? (row.wireOnly ? undefined : none)
  const wire = outcomeOf(parts.wire) ?? (row.wireOnly ? none : undefined)
  const verdicts = [
    ...(sim ? [unexpected('sim', sim.verdict, expected)] : []),
    ...(wire && !sim ? [unexpected('wire', wire.verdict, expected)] : []),
  ]
  return {
    scenario,
    ...(expected !== undefined && { expected }),
    ...(why !== undefined && { why }),
    ...(confirmed !== undefined && { confirmed }),
    ...(sim && { sim }),
    ...(wire && { wire }),
    differences: [
      ...described('expected', ...verdicts),
      ...described('worlds', worldsDisagree(parts)),
      ...described('seed', parts.unequal ? NOT_DETERMINISTIC : undefined),
    ],
  }
}

const NOT_DETERMINISTIC = 'one seed gave two histories in the sim: the code is not deterministic'

function described(kind: Difference['kind'], ...texts: (string | undefined)[]): Difference[] {
  return texts.flatMap((text) => (text === undefined ? [] : [{ kind, text }]))
}

function worldsDisagree({ sim, wire }: CellParts): string | undefined {
  const run = wire?.runs[0]
  if (!sim || !run) return undefined
  return disagreement(
    sim.runs.map(({ result }) => result),
    run.result,
  )
}
