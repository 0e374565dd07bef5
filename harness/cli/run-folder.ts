import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { History } from '../core/history.ts'
import { messageOf, Problem } from '../core/problem.ts'
import { type RunResult, runResultSchema, type ScenarioResult } from '../core/result.ts'

const RESULT = 'result.json'

/**
 * Where a run leaves what it wrote. Made before anything is played, so that a place that cannot be written to is known at once. In a clone
 * reports/out/TIME, elsewhere tunnelproof-report/TIME, each with a link `latest` beside it; or exactly the folder that was asked for.
 */
export function makeRunFolder(out: string | undefined, cwd: string, now: Date): string {
  const wish = out === undefined ? freshFolder(cwd, now) : resolve(cwd, out)
  try {
    makeFolder(wish)
    // access(2) says yes to root where a read-only file system says no: only writing tells.
    writeFileSync(join(wish, '.probe'), '')
    rmSync(join(wish, '.probe'))
  } catch (cause) {
    throw new Problem(
      `--out ${wish} cannot be written to (${messageOf(cause).split(',')[0]}): give another folder`,
    )
  }
  return wish
}

/** Takes a folder back in which nothing was written, and the ones above it that are empty then. */
export function dropRunFolder(folder: string): void {
  try {
    for (let path = folder; ; path = dirname(path)) rmdirSync(path)
  } catch {
    // Not empty: it was there before, or holds somebody's files.
  }
}

/** Not mkdir's own `recursive`: in folders that can hold none, such as /proc, Node 20 then loops for ever. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

function freshFolder(cwd: string, now: Date): string {
  const base = join(
    cwd,
    existsSync(join(cwd, 'harness/cli/main.ts')) ? 'reports/out' : 'tunnelproof-report',
  )
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-')
  for (let i = 1; ; i++) {
    const folder = join(base, i === 1 ? stamp : `${stamp}-${i}`)
    if (!existsSync(folder)) return folder
  }
}

/** Lets `latest`, beside the folder, lead to it. */
export function pointLatestTo(folder: string): void {
  const latest = join(dirname(folder), 'latest')
  try {
    rmSync(latest, { force: true, recursive: false })
    symlinkSync(basename(folder), latest, 'junction')
  } catch {
    // A convenience: where links cannot be made there is none.
  }
}

/** The path of a history below the run folder. */
export const historyPath = (scenario: string, world: string): string =>
  `histories/${world}/${scenario}.jsonl`

/** Writes a run's history to the path below the folder that its result names. */
export function writeHistory(folder: string, result: ScenarioResult, history: History): void {
  write(folder, result.history, history.toJsonl())
}

export function writeResult(folder: string, run: RunResult): void {
  write(folder, RESULT, `${JSON.stringify(run, null, 2)}\n`)
}

export function write(folder: string, path: string, text: string): string {
  const file = join(folder, path)
  makeFolder(dirname(file))
  writeFileSync(file, text)
  return file
}

/** Reads a run back. Throws a Problem on a folder that is none. */
export function readRun(
  given: string,
  cwd: string,
): { readonly run: RunResult; readonly historyOf: (result: ScenarioResult) => History } {
  const folder = resolve(cwd, given)
  const file = join(folder, RESULT)
  if (!existsSync(file))
    throw new Problem(`expected a run's folder with a ${RESULT} in it, got ${folder}`)
  const parsed = runResultSchema.safeParse(parseJson(readFileSync(file, 'utf8'), file))
  if (!parsed.success)
    throw new Problem(
      `${file} is not the result of a run of this version: ${parsed.error.issues[0]?.message}`,
    )
  return {
    run: parsed.data,
    historyOf: ({ history }) => {
      const path = join(folder, history)
      if (!existsSync(path)) throw new Problem(`the run's history ${path} is missing`)
      return History.parse(readFileSync(path, 'utf8'), path)
    },
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem(
      `${file} is not JSON (${messageOf(cause)}): was it cut short? Run again to make another`,
      { cause },
    )
  }
}

/** A path as a person types it: relative where that is shorter. */
export function shownPath(path: string, cwd: string): string {
  const below = relative(cwd, path)
  return below.startsWith('..') || below === '' ? path : below
}
