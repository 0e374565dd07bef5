import { groupBy } from '../core/group.ts'
import type { Invariant } from '../core/invariant.ts'
import { describe } from '../core/operation.ts'
import { effectsOf } from './reading/effects.ts'
import { evidence, times, when } from './reading/words.ts'

/** Duplicate attempts are fine, duplicate effects are not. A server that tells only what it holds is judged by the markers in its rows. */
export default {
  id: 'EXACTLY-ONCE',
  promise: 'Nothing a person did once takes effect twice.',
  needs: () => undefined,
  check(history) {
    const state = history.serverState
    const held =
      history.of('serverCommit').length > 0
        ? undefined
        : groupBy(state?.rows.filter(({ deleted }) => !deleted) ?? [], (row) => row.op)
    let judged = 0
    const findings = history.operations.flatMap((operation) => {
      const effects = effectsOf(operation)
      const copies = held?.get(operation.op)?.length ?? 0
      if (effects.length + copies === 0) return []
      judged++
      if (effects.length > 1) {
        const moments = effects
          .map((commit) => `${when(commit)}${commit.recovered ? ' (found after a crash)' : ''}`)
          .join(' and ')
        const message = `${describe(operation)} took effect ${times(effects.length)} on the server: ${moments}`
        return [{ message, ops: [operation.op], evidence: evidence(...effects) }]
      }
      if (copies > 1) {
        const message = `${describe(operation)} is on the server ${times(copies)}`
        return [{ message, ops: [operation.op], evidence: evidence(state) }]
      }
      return []
    })
    return { judged, findings }
  },
} satisfies Invariant
