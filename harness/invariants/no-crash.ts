import { groupBy } from '../core/group.ts'
import type { Invariant } from '../core/invariant.ts'
import { times, when } from './reading/words.ts'

/** What a scenario kills is no fault of its victim. An app that cannot start any more falls over each time: that is one finding. */
export default {
  id: 'NO-CRASH',
  promise: 'Neither the app nor the server falls over by itself.',
  needs: () => undefined,
  check(history) {
    const fallen = history.of('crash').filter((crash) => crash.by === 'itself')
    const findings = [
      ...groupBy(fallen, (crash) => JSON.stringify([crash.node, headOf(crash.message)])).values(),
    ].flatMap((crashes) => {
      const first = crashes[0]
      if (!first) return []
      const who = first.node === 'server' ? 'the server' : `${first.node}'s app`
      const message = `${who} fell over by itself ${when(first)}${crashes.length > 1 ? ` and did so ${times(crashes.length)} in all` : ''}: ${headOf(first.message)}`
      return [{ message, ops: [], evidence: crashes.map(({ seq }) => seq) }]
    })
    return { judged: Math.max(history.of('start').length, fallen.length), findings }
  },
} satisfies Invariant

/** The first line: the rest is a stack. */
function headOf(message: string | undefined): string {
  return message?.split('\n')[0]?.trim() || 'no message'
}
