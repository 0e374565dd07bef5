import { performance } from 'node:perf_hooks'
import type { ReportFormat } from '../core/report.ts'
import type { RunResult } from '../core/result.ts'
import { worst } from '../core/verdict.ts'
import type { RunFiles } from '../run/result.ts'
import { catalog } from './catalog/catalog.ts'
import { toolName } from './catalog/home.ts'
import { shellQuoted } from './catalog/shell-words.ts'
import { watchSignals } from './interrupt.ts'
import type { Io } from './io.ts'
import { type Job, plan } from './plan.ts'
import { type Played, playAll } from './play.ts'
import { lines } from './progress/lines.ts'
import type { Progress } from './progress/progress.ts'
import {
  dropRunFolder,
  historyPath,
  makeRunFolder,
  pointLatestTo,
  shownPath,
  write,
  writeHistory,
  writeResult,
} from './run-folder.ts'
import { openWorlds } from './worlds.ts'

export interface Conduct {
  readonly io: Io
  /** What is to be played, in the order in which it is told. */
  readonly wished: readonly Job[]
  readonly given: NonNullable<RunResult['given']>
  readonly formats: readonly ReportFormat[]
  readonly out: string | undefined
}

export interface Conducted {
  readonly run: RunResult
  readonly folder: string
  readonly interrupted: number | undefined
}

/** Plays what is wished, writes down what came of it and prints what is printed. Everything it started has ended when it resolves. */
export async function conduct({ io, wished, given, formats, out }: Conduct): Promise<Conducted> {
  const startedAt = new Date()
  const began = performance.now()
  const [invariants, toxics] = [await catalog.invariants(), await catalog.toxics()]
  const effects = await catalog.effects()
  const { jobs, skipped } = plan(wished)
  const folder = makeRunFolder(out, io.cwd, startedAt)
  const shown = shownPath(folder, io.cwd)
  const filesOf = ({ scenario: { name }, world }: Job): RunFiles => ({
    history: historyPath(name, world),
    replay: `npx tunnelproof replay ${shellQuoted(shown)} ${name} --world ${world}`,
  })

  const interruption = watchSignals()
  try {
    const names = new Set(jobs.map(({ world }) => world))
    const worlds = await openWorlds({ names, toxics, effects, toxiproxy: given.toxiproxy }).catch(
      (cause: unknown) => {
        dropRunFolder(folder)
        throw cause
      },
    )
    const about = Object.fromEntries([...worlds].map(([name, world]) => [name, world.about]))
    const { played, givenUp } = await playAll({
      jobs,
      worlds,
      invariants,
      effects,
      progress: await progressFor(io),
      interruption,
      filesOf,
      save: (result, history) => writeHistory(folder, result, history),
    }).finally(() => Promise.all([...worlds.values()].map((world) => world.close())))
    const run: RunResult = {
      version: 1,
      tool: toolName(),
      startedAt: startedAt.toISOString(),
      realMs: Math.round(performance.now() - began),
      worlds: about,
      given,
      verdict: worst(played.map(({ result }) => result.verdict)),
      results: played.map(({ result }) => result),
      skipped: [...skipped, ...givenUp],
    }
    report({ io, folder, run, played, formats })
    if (out === undefined) pointLatestTo(folder)
    return { run, folder, interrupted: interruption.exitCode }
  } finally {
    interruption.release()
  }
}

async function progressFor(io: Io): Promise<Progress> {
  return io.interactive
    ? (await import('./progress/live.ts')).live
    : lines((line) => io.out(`${line}\n`))
}

interface Reporting {
  readonly io: Io
  readonly folder: string
  readonly run: RunResult
  readonly played: readonly Played[]
  readonly formats: readonly ReportFormat[]
}

/** result.json is written whatever was asked for: a replay reads it. Printed reports come last, with where the others lie. */
function report({ io, folder, run, played, formats }: Reporting): void {
  writeResult(folder, run)
  const files: string[] = []
  const printed: string[] = []
  for (const format of formats) {
    const options =
      format.file === undefined
        ? { color: io.color, ...(io.width !== undefined && { width: io.width }) }
        : undefined
    const text = format.render({ run, entries: played }, options)
    if (format.file === undefined) printed.push(text)
    else files.push(write(folder, format.file, text))
  }
  for (const text of printed) io.out(`\n${text.endsWith('\n') ? text : `${text}\n`}`)
  const page = files.find((file) => file.endsWith('.html'))
  io.out(`Report: ${shownPath(page ?? folder, io.cwd)}\n`)
}
