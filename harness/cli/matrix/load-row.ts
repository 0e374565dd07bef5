import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { countLines } from '../../campaign/count-lines.ts'
import { type ExpectedRow, type KnownNames, parseExpectedRow } from '../../campaign/expected-row.ts'
import { BROWSER_SCENARIOS, MATRIX_SCENARIOS } from '../../campaign/scenarios.ts'
import type { ClientDefinition } from '../../core/client.ts'
import { Problem } from '../../core/problem.ts'
import type { ServerDefinition } from '../../core/server.ts'
import { BROWSER_PREFIX } from '../catalog/browser-client.ts'
import { readJson } from '../catalog/catalog.ts'
import { pickClient } from '../catalog/pick-client.ts'
import { pickServer } from '../catalog/pick-server.ts'
import { shownPath } from '../execute/run-folder.ts'
import type { RowFile } from './find-rows.ts'
import { whyNotInstalled } from './installed.ts'

/** A row whose file is valid, before its code is loaded. */
export interface DescribedRow extends RowFile {
  /** The content of the file. */
  readonly data: object
  readonly expected: ExpectedRow
  /** The names of the scenarios that it plays. */
  readonly scenarios: readonly string[]
  readonly clientLines: number | undefined
  readonly serverLines: number | undefined
}

export interface LoadedRow extends DescribedRow {
  readonly client: ClientDefinition
  readonly server: ServerDefinition
  /** True for a browser, and for clients and servers that are programs. */
  readonly wireOnly: boolean
}

/** Reads the file of a row. Throws a Problem if it is not valid. */
export function describeRow(row: RowFile, known: KnownNames, cwd: string): DescribedRow {
  const source = shownPath(row.file, cwd)
  const data = readJson(pathToFileURL(row.file), source) as object
  const expected = parseExpectedRow(data, source, known)
  const { client, server, dump, cells } = expected
  for (const [scenario, { confirmed }] of cells) {
    if (confirmed !== undefined && !existsSync(resolve(row.folder, confirmed)))
      throw new Problem(`${source}: cells.${scenario} is confirmed by ${confirmed}: no such file`)
  }
  const list = isBrowser(client) ? BROWSER_SCENARIOS : MATRIX_SCENARIOS
  return {
    ...row,
    data,
    expected,
    scenarios: expected.scenarios ?? list,
    clientLines: linesOf(client.replace(BROWSER_PREFIX, ''), row.folder),
    serverLines: linesOf(server, row.folder) ?? (dump ? linesOf(dump, row.folder) : undefined),
  }
}

/** Loads the code of a row. Throws a Problem that says why it cannot be played, and what to do. */
export async function loadRow(row: DescribedRow, cwd: string): Promise<LoadedRow> {
  const { expected, folder } = row
  const { library, version } = expected
  const missing = version && whyNotInstalled(library, version, folder, cwd)
  if (missing) throw new Problem(missing)
  const { definition: client } = await pickClient(expected.client, folder)
  const { definition: server } = await pickServer(expected.server, folder, expected.dump)
  const wireOnly =
    isBrowser(expected.client) || client.command !== undefined || server.program !== undefined
  return { ...row, client, server, wireOnly }
}

const isBrowser = (client: string) => client.startsWith(BROWSER_PREFIX)

/** Counts the lines of a file of the row and of what it imports from beside it; else undefined. */
function linesOf(path: string, folder: string): number | undefined {
  const file = resolve(folder, path)
  if (!path.startsWith('.') || !existsSync(file)) return undefined
  const files = new Set([file])
  // A set is also visited at what is added meanwhile.
  for (const each of files)
    for (const [, imported = ''] of readFileSync(each, 'utf8').matchAll(OWN_IMPORT)) {
      const next = resolve(dirname(each), imported)
      if (!imported.includes(WORDS) && existsSync(next)) files.add(next)
    }
  return [...files].reduce((sum, each) => sum + countLines(readFileSync(each, 'utf8')), 0)
}

const OWN_IMPORT = /\bfrom '(\.{1,2}\/[^']+\.[jt]s)'/g
/** The words of guests, inside this repository: no part of the app. */
const WORDS = '/harness/guest/'
