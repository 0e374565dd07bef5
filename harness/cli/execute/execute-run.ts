import { availableParallelism } from 'node:os'
import { performance } from 'node:perf_hooks'
import { FORMAT_VERSION } from '../../core/format-version.ts'
import type { ReportFormat } from '../../core/report.ts'
import type { RunResult } from '../../core/result.ts'
import type { TraceChannel } from '../../core/trace.ts'
import { worst } from '../../core/verdict.ts'
import type { RunFiles } from '../../run/result.ts'
import { catalog } from '../catalog/catalog.ts'
import { toolName } from '../catalog/home.ts'
import { shellQuoted } from '../catalog/shell-words.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { watchSignals } from '../interrupt.ts'
import type { Io } from '../io.ts'
import type { UndecidedChoice } from '../options.ts'
import { lines } from '../progress/lines.ts'
import type { Progress } from '../progress/progress.ts'
import { traceLines } from '../progress/trace-lines.ts'
import { openWorlds } from './open-worlds.ts'
import { haveSeveralSeeds, type Job, plan } from './plan.ts'
import { playJobs } from './play-jobs.ts'
import {
  cleanRunFolder,
  clientFileNames,
  historyPath,
  makeRunFolder,
  pointLatestTo,
  shownPath,
  writeRun,
} from './run-folder.ts'
import { wireSubjects } from './subjects.ts'
import { writeReports } from './write-reports.ts'

/** The options that `run` and `replay` share. */
export interface SharedOptions {
  /** The folder to write to. Default: a new one, see {@link makeRunFolder}. */
  readonly out?: string
  /** The channels to print on stderr while the jobs are played. Default: none. */
  readonly trace?: readonly TraceChannel[]
  /** The number of scenarios that the sim plays at a time. Default: one per core. */
  readonly jobs?: number
  /** The most real seconds of a run. Default: see {@link openWorlds}. */
  readonly timeout?: number
  readonly undecided: UndecidedChoice
}

export interface RunRequest {
  readonly io: Io
  /** The jobs in the order in which the reports list them. */
  readonly requestedJobs: readonly Job[]
  /** The options that a replay needs; saved as the result's `invocation`. */
  readonly invocation: NonNullable<RunResult['invocation']>
  readonly formats: readonly ReportFormat[]
  readonly options: SharedOptions
}

export interface ExecutedRun {
  readonly run: RunResult
  /** That of the signal which interrupted the run, or else that of the verdict. */
  readonly exitCode: number
}

/**
 * Plays the requested jobs, writes the results and prints the reports. Everything that it started
 * has exited when it resolves.
 */
export async function executeRun(request: RunRequest): Promise<ExecutedRun> {
  const { io, requestedJobs, invocation, formats, options } = request
  const { out, trace = [], jobs: threads = availableParallelism(), timeout, undecided } = options
  const startedAt = new Date()
  const began = performance.now()
  const [invariants, toxics] = [await catalog.invariants(), await catalog.toxics()]
  const effects = await catalog.effects()
  const reportFiles = (await catalog.formats()).flatMap(({ file }) => file ?? [])
  const { jobs, skipped } = plan(requestedJobs)
  const { folder, drop } = makeRunFolder(out, io.cwd, startedAt)
  const shown = shownPath(folder, io.cwd)
  const severalSeeds = haveSeveralSeeds(jobs)
  const fileNames = clientFileNames(jobs.map(({ client }) => client.name))
  const severalClients = fileNames.size > 1
  const filesOf = ({ scenario: { name }, world, client, seed }: Job): RunFiles => ({
    history: historyPath(name, world, {
      ...(severalClients && { client: fileNames.get(client.name) }),
      ...(severalSeeds && { seed }),
    }),
    replay: [
      `npx tunnelproof replay ${shellQuoted(shown)} ${name} --world ${world}`,
      ...(severalClients ? [`--client ${shellQuoted(client.name)}`] : []),
      ...(severalSeeds ? [`--seed ${seed}`] : []),
    ].join(' '),
  })

  const interruption = watchSignals()
  try {
    const names = new Set(jobs.map(({ world }) => world))
    const players = await openWorlds({
      names,
      toxics,
      effects,
      invariants,
      toxiproxy: invocation.toxiproxy,
      threads,
      timeoutMs: timeout === undefined ? undefined : timeout * 1000,
      subjects: wireSubjects(jobs),
    }).catch((cause: unknown) => {
      drop()
      throw cause
    })
    cleanRunFolder(folder, reportFiles)
    const about = Object.fromEntries([...players].map(([name, player]) => [name, player.about]))
    const { judged, interrupted } = await playJobs({
      jobs,
      players,
      progress: await progressFor(io, trace),
      interruption,
      filesOf,
      saveResult: (result, history, logs) => writeRun(folder, result, history, logs.files),
      ...(trace.length > 0 && {
        traceOf: traceLines(trace, jobs, (line) => io.err(`${line}\n`)),
      }),
    }).finally(() => Promise.all([...players.values()].map((player) => player.close())))
    const run: RunResult = {
      version: FORMAT_VERSION,
      tool: toolName(),
      startedAt: startedAt.toISOString(),
      realMs: Math.round(performance.now() - began),
      worlds: about,
      invocation,
      verdict: worst(judged.map(({ result }) => result.verdict)),
      results: judged.map(({ result }) => result),
      skipped: [...skipped, ...interrupted],
    }
    writeReports({ io, folder, run, judged, formats })
    if (out === undefined) pointLatestTo(folder)
    return { run, exitCode: interruption.exitCode ?? exitCodeOf(run, undecided) }
  } finally {
    interruption.release()
  }
}

/** Trace lines would disturb the live display: with a trace, progress is plain lines too. */
async function progressFor(io: Io, trace: readonly TraceChannel[]): Promise<Progress> {
  return io.interactive && trace.length === 0
    ? (await import('../progress/live.ts')).live
    : lines((line) => io.out(`${line}\n`))
}
