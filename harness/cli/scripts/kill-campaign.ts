/**
 * Sends every signal to the harness, and kills a device and the server, each many times at random
 * moments. Reports processes and files that were left behind, and exits with 1 if there were any:
 * `npx tsx harness/cli/scripts/kill-campaign.ts --rounds 20 --toxiproxy binary`.
 * With `--client` and the JSON of a program only the harness is killed, while relays are open: the
 * other attacks do not find the program's process.
 *
 * @module
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { wholeNumber } from '../options.ts'
import { killRun } from '../testing/kill-run.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    toxiproxy: { type: 'string', default: 'auto' },
    client: { type: 'string' },
  },
})
const rounds = wholeNumber('--rounds', 1, 10_000)(values.rounds)
// 0: the run has passed before the signal came.
const attacks = [
  { signal: 'SIGINT', victim: 'harness', exitCodes: [0, 130] },
  { signal: 'SIGTERM', victim: 'harness', exitCodes: [0, 143] },
  { signal: 'SIGKILL', victim: 'harness', exitCodes: [0, null] },
  // A node that dies, but not by the scenario, breaches NO-CRASH (1). The run passes (0) if the
  // kill came after its end, and is undecided (2) if it came before the stage was open.
  { signal: 'SIGKILL', victim: 'device', exitCodes: [0, 1, 2] },
  { signal: 'SIGKILL', victim: 'server', exitCodes: [0, 1, 2] },
] as const
const chosen = attacks.filter(({ victim }) => !values.client || victim === 'harness')
let failed = 0
for (const { signal, victim, exitCodes } of chosen) {
  for (let round = 1; round <= rounds; round++) {
    const afterMs = Math.round(Math.random() * 6000)
    const { exitCode, processes, files, resultWritten } = await killRun({
      signal,
      victim,
      moment: afterMs,
      toxiproxy: values.toxiproxy,
      client: values.client,
    })
    const expected = (exitCodes as readonly (number | null)[]).includes(exitCode)
    const clean =
      processes.length + files.length === 0 && expected && (exitCode === null || resultWritten)
    if (!clean) failed++
    const left = clean ? 'nothing left' : JSON.stringify({ processes, files, resultWritten })
    console.log(
      `${signal} to the ${victim} ${round}/${rounds} after ${afterMs} ms: ` +
        `exit code ${exitCode}, ${left}`,
    )
  }
}
console.log(`${chosen.length * rounds - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
