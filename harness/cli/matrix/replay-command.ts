import { resolve } from 'node:path'
import { BROWSER_PREFIX } from '../catalog/browser-client.ts'
import { shellQuoted } from '../catalog/shell-words.ts'
import type { Job } from '../execute/plan.ts'
import { shownPath } from '../execute/run-folder.ts'
import type { DescribedRow } from './load-row.ts'

/** Returns the command that plays a run of a row again, from the folder `cwd`. */
export function replayCommandOf(
  { folder, expected: { client, server, dump } }: DescribedRow,
  { scenario, world, seed }: Job,
  cwd: string,
): string {
  const isProgram = server.startsWith('exec:')
  // A program is started in the folder of the row.
  const place = (argument: string) =>
    argument.startsWith('.') && !isProgram ? shownFile(resolve(folder, argument), cwd) : argument
  const browser = client.startsWith(BROWSER_PREFIX) ? BROWSER_PREFIX : ''
  const command = [
    `npx tunnelproof run ${scenario.name}`,
    `--client ${shellQuoted(browser + place(client.slice(browser.length)))}`,
    `--server ${shellQuoted(place(server))}`,
    ...(dump === undefined ? [] : [`--dump ${shellQuoted(place(dump))}`]),
    `--world ${world} --seed ${seed}`,
  ].join(' ')
  return isProgram ? `cd ${shellQuoted(shownPath(folder, cwd))} && ${command}` : command
}

const shownFile = (path: string, cwd: string) => {
  const shown = shownPath(path, cwd)
  return shown === path ? path : `./${shown}`
}
