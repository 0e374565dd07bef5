import process from 'node:process'
import { parseArgs } from 'node:util'
import { wholeNumber } from '../options.ts'
import { killRun } from '../testing/kill-run.ts'

/**
 * Ends the harness by every signal, and kills a device and the server, each many times at random moments, and says what was left behind each time:
 * `npx tsx harness/cli/scripts/kill-campaign.ts --rounds 20 --toxiproxy binary`. Exit code 1 when anything was left.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    toxiproxy: { type: 'string', default: 'auto' },
  },
})
const rounds = wholeNumber('--rounds', 1, 10_000)(values.rounds)
const ways = [
  { signal: 'SIGINT', victim: 'harness', ends: [130] },
  { signal: 'SIGTERM', victim: 'harness', ends: [143] },
  { signal: 'SIGKILL', victim: 'harness', ends: [null] },
  // Killed by a stranger, they have fallen over by themselves: a breach; nothing when it came too late; undecided when the stage was not set yet.
  { signal: 'SIGKILL', victim: 'device', ends: [0, 1, 2] },
  { signal: 'SIGKILL', victim: 'server', ends: [0, 1, 2] },
] as const
let failed = 0
for (const { signal, victim, ends } of ways) {
  for (let round = 1; round <= rounds; round++) {
    const afterMs = Math.round(Math.random() * 6000)
    const { exitCode, processes, files, resultWritten } = await killRun({
      signal,
      victim,
      moment: afterMs,
      toxiproxy: values.toxiproxy,
    })
    const ended = (ends as readonly (number | null)[]).includes(exitCode)
    const clean =
      processes.length + files.length === 0 && ended && (exitCode === null || resultWritten)
    if (!clean) failed++
    const left = clean ? 'nothing left' : JSON.stringify({ processes, files, resultWritten })
    console.log(
      `${signal} of the ${victim} ${round}/${rounds} after ${afterMs} ms: exit code ${exitCode}, ${left}`,
    )
  }
}
console.log(`${ways.length * rounds - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
