import process from 'node:process'
import { parseArgs } from 'node:util'
import { wholeNumber } from '../options.ts'
import { cutShort } from './cut-short.ts'

/**
 * Ends the harness at random moments, many times, by every signal, and says what it left behind each time:
 * `npx tsx harness/cli/testing/campaign.ts --rounds 20 --toxiproxy binary`. Exit code 1 when anything was left.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' }, toxiproxy: { type: 'string', default: 'auto' } } })
const rounds = wholeNumber('--rounds', 1, 10_000)(values.rounds)
const codes = { SIGINT: 130, SIGTERM: 143, SIGKILL: null } as const
let failed = 0
for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
  for (let round = 1; round <= rounds; round++) {
    const afterMs = Math.round(Math.random() * 6000)
    const { exitCode, processes, files, resultWritten } = await cutShort({ signal, afterMs, toxiproxy: values.toxiproxy })
    const clean = processes.length + files.length === 0 && exitCode === codes[signal] && (signal === 'SIGKILL' || resultWritten)
    if (!clean) failed++
    const left = clean ? 'nothing left' : JSON.stringify({ exitCode, processes, files, resultWritten })
    console.log(`${signal} ${round}/${rounds} after ${afterMs} ms: ${left}`)
  }
}
console.log(`${3 * rounds - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
