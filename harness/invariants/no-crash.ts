import type { EventOf } from '../core/event.ts'
import { groupBy } from '../core/group.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { judgement } from './reading/judgement.ts'
import { codeOf, times, when } from './reading/wording.ts'

type Crash = EventOf<'crash'>

/**
 * Ignores kills by the scenario. Reports crashes of one node with the same message as one finding:
 * an app that can no longer start crashes at every start.
 */
export default {
  id: 'NO-CRASH',
  promise: 'Neither the app nor the server falls over by itself.',
  needs: () => undefined,
  check(history) {
    const crashes = history.of('crash').filter(({ by }) => by === 'itself')
    const byCause = groupBy(crashes, ({ node, message }) =>
      JSON.stringify([node, firstLine(message)]),
    )
    const findings = [...byCause.values()].map(crashed)
    return judgement(Math.max(history.of('start').length, crashes.length), findings)
  },
} satisfies Invariant

function crashed(crashes: readonly Crash[]): Finding {
  const first = crashes[0] as Crash
  const who = codeOf(first.node)
  const repeated = crashes.length > 1 ? ` and did so ${times(crashes.length)} in all` : ''
  const place = first.frame === undefined ? '' : ` (at ${first.frame})`
  return {
    message:
      `${who} fell over by itself ${when(first)}${repeated}: ` +
      `${firstLine(first.message)}${place}`,
    opIds: [],
    evidence: crashes.map(({ seq }) => seq),
  }
}

/** The message without its stack. */
function firstLine(message: string | undefined): string {
  return message?.split('\n')[0]?.trim() || 'no message'
}
