import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { killRun } from './testing/kill-run.ts'

const onLinux = existsSync('/proc/self/environ')
if (!onLinux) console.warn('SKIPPED: no /proc, which the tests of killed runs need')

/** A few fixed moments; scripts/kill-campaign.ts tries many random ones. */
describe.skipIf(!onLinux)('a run on the wire that is killed', () => {
  it.each([
    { signal: 'SIGINT', moment: 'opening', exitCode: 130 },
    { signal: 'SIGTERM', moment: 'playing', exitCode: 143 },
  ] as const)(
    '$signal while $moment leaves nothing but the results that were judged',
    async ({ exitCode, ...how }) => {
      const { output, during, ...left } = await killRun({ ...how, toxiproxy: 'embedded' })
      expect(during).toBeGreaterThan(1)
      expect(left, output).toEqual({ exitCode, processes: [], files: [], resultWritten: true })
    },
  )

  it.each(['device', 'server'] as const)(
    'a %s that is killed from outside the scenario is a breach, and the run continues',
    async (victim) => {
      const { output, during, ...left } = await killRun({
        signal: 'SIGKILL',
        victim,
        moment: 'playing',
        toxiproxy: 'embedded',
      })
      expect(left, output).toEqual({ exitCode: 1, processes: [], files: [], resultWritten: true })
      expect(output).toContain('NO-CRASH')
    },
  )

  it.each(['opening', 'playing'] as const)(
    'SIGKILL while %s leaves no process, port or folder',
    async (moment) => {
      const { during, processes, files } = await killRun({
        signal: 'SIGKILL',
        moment,
        toxiproxy: 'auto',
      })
      expect(during).toBeGreaterThan(1)
      expect({ processes, files }).toEqual({ processes: [], files: [] })
    },
  )
})
