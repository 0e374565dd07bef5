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
import { requireFormatVersion } from '../../core/format-version.ts'
import { History } from '../../core/history.ts'
import { messageOf, Problem } from '../../core/problem.ts'
import { type RunResult, runResultSchema, type ScenarioResult } from '../../core/result.ts'

const RESULT = 'result.json'

/**
 * Creates the folder that a run writes to: `out` if given; else reports/out/TIME in a clone and
 * tunnelproof-report/TIME elsewhere. Call it before anything is played, so that a folder that
 * cannot be written to is reported at once.
 */
export function makeRunFolder(out: string | undefined, cwd: string, now: Date): string {
  const folder = out === undefined ? freshFolder(cwd, now) : resolve(cwd, out)
  try {
    makeFolder(folder)
    // For root access(2) permits writing even to a read-only file system: only a write is a test.
    writeFileSync(join(folder, '.probe'), '')
    rmSync(join(folder, '.probe'))
  } catch (cause) {
    const reason = messageOf(cause).split(',')[0]
    throw new Problem(
      `--out expects a folder that can be written to, got ${folder} (${reason}); give another one`,
    )
  }
  return folder
}

/** Removes a folder if it is empty, then each folder above it that has become empty. */
export function dropRunFolder(folder: string): void {
  try {
    for (let path = folder; ; path = dirname(path)) rmdirSync(path)
  } catch {
    // Not empty: it existed before, or holds other files.
  }
}

/**
 * Avoids mkdir's `recursive`: below a folder that cannot hold folders, such as /proc, Node 20
 * hangs.
 */
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

/** Makes `latest`, beside the folder, a link to it. */
export function pointLatestTo(folder: string): void {
  const latest = join(dirname(folder), 'latest')
  try {
    rmSync(latest, { force: true, recursive: false })
    symlinkSync(basename(folder), latest, 'junction')
  } catch {
    // Some file systems have no links, and `latest` is not needed.
  }
}

/** Returns the path of a history below the run folder. */
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

/** Reads a run from its folder. Throws a Problem if the folder is not that of a run. */
export function readRun(
  path: string,
  cwd: string,
): { readonly run: RunResult; readonly historyOf: (result: ScenarioResult) => History } {
  const folder = resolve(cwd, path)
  const file = join(folder, RESULT)
  if (!existsSync(file))
    throw new Problem(`expected a run's folder with a ${RESULT} in it, got ${folder}`)
  const data = parseJson(readFileSync(file, 'utf8'), file)
  requireFormatVersion(data, 'a result', file)
  const parsed = runResultSchema.safeParse(data)
  if (!parsed.success)
    throw new Problem(
      `${file} expects the result of a run of this version: ${parsed.error.issues[0]?.message}`,
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

/** Returns the path relative to `cwd` if it is below it, else unchanged. */
export function shownPath(path: string, cwd: string): string {
  const below = relative(cwd, path)
  return below.startsWith('..') || below === '' ? path : below
}
