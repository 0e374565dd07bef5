import {
  existsSync,
  mkdirSync,
  readdirSync,
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
 * cannot be written to, or that holds other files than a run with such a `result`, is reported at
 * once.
 */
export function makeRunFolder(
  out: string | undefined,
  cwd: string,
  now: Date,
  result = RESULT,
): RunFolder {
  const folder = out === undefined ? freshFolder(cwd, now) : resolve(cwd, out)
  const existing = closestExisting(folder)
  try {
    makeFolder(folder)
    // For root access(2) permits writing even to a read-only file system: only a write is a test.
    writeFileSync(join(folder, '.probe'), '')
    rmSync(join(folder, '.probe'))
    requireReplaceable(folder, result)
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    const reason = messageOf(cause).split(',')[0]
    throw new Problem(
      `--out expects a folder that can be written to, got ${folder} (${reason}); give another one`,
    )
  }
  return { folder, drop: () => dropEmptyFolders(folder, existing) }
}

/** The folder of a run, and the function that removes it, if it is new and still empty. */
export interface RunFolder {
  readonly folder: string
  drop(): void
}

function closestExisting(path: string): string {
  return existsSync(path) ? path : closestExisting(dirname(path))
}

/**
 * Throws a Problem if the folder holds anything but an earlier run: a run may replace a run, but
 * no one else's files.
 */
function requireReplaceable(folder: string, result: string): void {
  const [stranger] = readdirSync(folder).sort()
  if (stranger === undefined || existsSync(join(folder, result))) return
  throw new Problem(
    `--out expects a new or empty folder, or one of an earlier run (with a ${result}); ` +
      `${folder} holds '${stranger}': remove it, or give another folder`,
  )
}

/**
 * Removes from a folder what an earlier run left: what its result.json lists, and `reports`.
 * Anything else stays.
 */
export function cleanRunFolder(folder: string, reports: readonly string[]): void {
  for (const history of recordedHistories(join(folder, RESULT))) {
    rmSync(join(folder, history), { force: true })
    rmSync(join(folder, logsPath(history)), { force: true, recursive: true })
  }
  for (const file of [RESULT, ...reports]) rmSync(join(folder, file), { force: true })
  for (const world of ['sim', 'wire']) {
    for (const kind of ['histories', 'logs']) dropEmptyFolders(join(folder, kind, world), folder)
  }
}

/** Returns the paths that a result.json lists, as far as a run may have written them. */
function recordedHistories(file: string): string[] {
  if (!existsSync(file)) return []
  const listed = /"history": *"(histories\/(?:sim|wire)\/[^"\\/]+\.jsonl)"/g
  return [...readFileSync(file, 'utf8').matchAll(listed)].map(([, path = '']) => path)
}

/** Removes a folder, and each folder above it but below `top`, as far as they are empty. */
function dropEmptyFolders(folder: string, top: string): void {
  try {
    for (let path = folder; path !== top; path = dirname(path)) rmdirSync(path)
  } catch {
    // Not empty, or not there.
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

/**
 * Returns the path of a history below the run folder: histories/sim/flaky.7.jsonl. Give the client,
 * by its {@link clientFileNames}, and the seed if there are several.
 */
export function historyPath(
  scenario: string,
  world: string,
  {
    client,
    seed,
  }: { readonly client?: string | undefined; readonly seed?: number | undefined } = {},
): string {
  const parts = [scenario, client, seed].filter((part) => part !== undefined)
  return `histories/${world}/${parts.join('.')}.jsonl`
}

/** Returns for each client a name that is a part of a file's name: 'interview-naive'. */
export function clientFileNames(names: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const name of new Set(names)) {
    const plain = name.replace(/[^\w-]+/g, '-').slice(0, 60)
    const taken = new Set(found.values())
    let unique = plain
    for (let i = 2; taken.has(unique); i++) unique = `${plain}-${i}`
    found.set(name, unique)
  }
  return found
}

/** Returns the folder of the logs of the run with this history. */
const logsPath = (history: string): string =>
  history.replace(/^histories\//, 'logs/').replace(/\.jsonl$/, '')

/** Writes a run's history to the path below the folder that its result names, and its logs. */
export function writeRun(
  folder: string,
  result: ScenarioResult,
  history: History,
  logs: ReadonlyMap<string, string | Uint8Array>,
): void {
  write(folder, result.history, history.toJsonl())
  for (const [name, text] of logs) write(folder, `${logsPath(result.history)}/${name}`, text)
}

export function writeResult(folder: string, run: RunResult): void {
  write(folder, RESULT, `${JSON.stringify(run, null, 2)}\n`)
}

export function write(folder: string, path: string, text: string | Uint8Array): string {
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
