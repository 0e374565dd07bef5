import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { killRun } from './testing/kill-run.ts'

const onLinux = existsSync('/proc/self/environ')
if (!onLinux)
  console.warn(
    'no /proc here: nothing tells which processes are left, so the tests of early ends are skipped',
  )

/** A few moments of the campaign in scripts/kill-campaign.ts, which plays many at random. */
describe.skipIf(!onLinux)('ended in the midst of the wire', () => {
  it.each([
    { signal: 'SIGINT', moment: 'opening', exitCode: 130 },
    { signal: 'SIGTERM', moment: 'playing', exitCode: 143 },
  ] as const)(
    'by $signal while $moment: nothing is left but what was judged',
    async ({ exitCode, ...how }) => {
      const { said, during, ...left } = await killRun({ ...how, toxiproxy: 'embedded' })
      expect(during).toBeGreaterThan(1)
      expect(left, said).toEqual({ exitCode, processes: [], files: [], resultWritten: true })
    },
  )

  it.each(['device', 'server'] as const)(
    'plays on when a stranger kills the %s, and takes it for a breach',
    async (victim) => {
      const { said, during, ...left } = await killRun({
        signal: 'SIGKILL',
        victim,
        moment: 'playing',
        toxiproxy: 'embedded',
      })
      expect(left, said).toEqual({ exitCode: 1, processes: [], files: [], resultWritten: true })
      expect(said).toContain('NO-CRASH')
    },
  )

  it.each(['opening', 'playing'] as const)(
    'by SIGKILL while %s: no process, no port, no folder is left',
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
