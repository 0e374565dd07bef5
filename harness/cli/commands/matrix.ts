import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { matrixMarkdown } from '../../../reports/matrix/markdown.ts'
import { matrixPage } from '../../../reports/matrix/page.tsx'
import { matrixTerminal } from '../../../reports/matrix/terminal.ts'
import { updatedRow } from '../../campaign/updated-row.ts'
import type { Matrix } from '../../core/matrix.ts'
import { Problem } from '../../core/problem.ts'
import { catalog } from '../catalog/catalog.ts'
import {
  makeRunFolder,
  pointLatestTo,
  type RunFolder,
  shownPath,
  write,
  writeRun,
} from '../execute/run-folder.ts'
import { exitCode } from '../exit-codes.ts'
import { watchSignals } from '../interrupt.ts'
import type { Io } from '../io.ts'
import { findRows } from '../matrix/find-rows.ts'
import { type DescribedRow, describeRow } from '../matrix/load-row.ts'
import { playMatrix } from '../matrix/play-matrix.ts'
import { readmeSection } from '../matrix/readme-section.ts'
import type { WireChoice } from '../options.ts'
import { lines } from '../progress/lines.ts'
import type { Progress } from '../progress/progress.ts'

export interface MatrixArguments {
  readonly folder: string
  readonly seeds: readonly number[]
  readonly wire: WireChoice
  readonly toxiproxy: string
  readonly update?: boolean
  readonly writeReadme?: boolean
  readonly digests?: boolean
  readonly jobs?: number
  readonly timeout?: number
  readonly out?: string
}

const RESULT = 'matrix.json'
const PAGE = 'matrix.html'
const MARKDOWN = 'matrix.md'

/**
 * `tunnelproof matrix`: plays each library in a folder through the scenarios of the matrix, and
 * compares with what its expected.json says. Resolves to the exit code.
 */
export async function matrixCommand(args: MatrixArguments, io: Io): Promise<number> {
  const { folder, seeds, toxiproxy, jobs, timeout, digests = false } = args
  if (digests && (args.update || args.writeReadme))
    throw new Problem('--digests plays the sim only: give it without --update and --write-readme')
  const scenarios = await catalog.scenarios()
  const known = {
    scenarios: scenarios.map(({ name }) => name),
    invariants: new Set((await catalog.invariants()).map(({ id }) => id)),
  }
  const rows = findRows(folder, io.cwd).map((row) => describeRow(row, known, io.cwd))
  const readme = args.writeReadme ? readmeSection(folder, io.cwd) : undefined
  const target = digests ? undefined : makeRunFolder(args.out, io.cwd, new Date(), RESULT)
  if (target) clean(target)
  const interruption = watchSignals()
  try {
    const matrix = await playMatrix({
      ...{ rows, scenarios, seeds, toxiproxy, jobs, timeout, interruption },
      wire: digests ? 'none' : args.wire,
      cwd: io.cwd,
      progress: await progressFor(io, digests),
      saveResult: (row, result, history, logs) => {
        if (target) writeRun(join(target.folder, 'rows', row.name), result, history, logs.files)
      },
    })
    if (target) report(matrix, target, io, args.out === undefined)
    else printDigests(matrix, io)
    if (interruption.exitCode !== undefined) return interruption.exitCode
    if (args.update) update(rows, matrix)
    readme?.write(matrixMarkdown(matrix))
    return exitCodeOf(matrix, !digests && !args.update)
  } finally {
    interruption.release()
  }
}

/** With `--digests` stdout has nothing but the digests, so that two outputs can be compared. */
async function progressFor(io: Io, digests: boolean): Promise<Progress> {
  if (digests) return lines((line) => io.err(`${line}\n`))
  return io.interactive
    ? (await import('../progress/live.ts')).live
    : lines((line) => io.out(`${line}\n`))
}

/** Removes what an earlier matrix left in the folder. */
function clean({ folder }: RunFolder): void {
  for (const name of [RESULT, PAGE, MARKDOWN, 'rows'])
    rmSync(join(folder, name), { force: true, recursive: true })
}

function report(matrix: Matrix, { folder }: RunFolder, io: Io, isFresh: boolean): void {
  write(folder, RESULT, `${JSON.stringify(matrix, null, 2)}\n`)
  write(folder, MARKDOWN, matrixMarkdown(matrix))
  const page = write(folder, PAGE, matrixPage(matrix))
  if (isFresh) pointLatestTo(folder)
  const width = io.width === undefined ? {} : { width: io.width }
  io.out(`\n${matrixTerminal(matrix, { color: io.color, ...width })}`)
  io.out(`Report: ${shownPath(page, io.cwd)}\n`)
}

function printDigests({ rows }: Matrix, io: Io): void {
  for (const { name, digest, problem } of rows) {
    if (problem === undefined) io.out(`${name} ${digest ?? 'is played on the wire only'}\n`)
    else io.err(`${name}: ${problem}\n`)
  }
}

/** Writes the verdicts into the files of the rows. */
function update(rows: readonly DescribedRow[], matrix: Matrix): void {
  for (const row of rows) {
    const played = matrix.rows.find(({ name }) => name === row.name)
    if (!played || played.cells.length === 0) continue
    writeFileSync(row.file, updatedRow(row.data, row.expected, played.cells))
  }
}

/**
 * Returns 1 for a cell that differs, 2 for a row that could not be played. Without `compared`,
 * another verdict than expected is no difference.
 */
function exitCodeOf({ rows }: Matrix, compared: boolean): number {
  const differences = rows.flatMap(({ cells }) => cells.flatMap((cell) => cell.differences))
  if (differences.some(({ kind }) => compared || kind !== 'expected')) return exitCode('breached')
  return exitCode(rows.every(({ problem }) => problem === undefined) ? 'held' : 'undecided')
}
