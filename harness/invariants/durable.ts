import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describe, type Operation } from '../core/operation.ts'
import { chains } from './reading/chains.ts'
import { endingsOf } from './reading/ending.ts'
import { recordOf, type Screen, screenOf } from './reading/screen.ts'
import { evidence, when } from './reading/words.ts'

/** Judged by the first screen after each start. A write that may have ended just before the death, unsaid, is not demanded. */
export default {
  id: 'DURABLE',
  promise:
    'What was saved on a device is still there after its app was killed and started again, until it has ended.',
  needs: ({ outbox, statuses }) =>
    outbox || statuses ? undefined : 'the client shows neither an outbox nor what is pending',
  check(history) {
    const endings = endingsOf(history)
    const awakenings = history.devices.flatMap((device) => awakeningsOf(history, device))
    let judged = 0
    const findings: Finding[] = []
    for (const chain of chains(history)) {
      for (const [i, operation] of chain.entries()) {
        const promised = promise(operation)
        if (!promised) continue
        for (const { crash, start, view } of awakenings) {
          if (
            crash.node !== operation.device ||
            promised.seq > crash.seq ||
            endings.mayBeOver(operation, start)
          )
            continue
          judged++
          if (
            chain
              .slice(i)
              .some(
                (one) => (promise(one)?.seq ?? view.seq) < crash.seq && holds(screenOf(view), one),
              )
          )
            continue
          findings.push({
            message: `${describe(operation)} was saved ${when(promised)}; after ${operation.device}'s app was killed ${when(crash)} and started again, it is gone from the device`,
            ops: [operation.op],
            evidence: evidence(promised, crash, start, view),
          })
          break
        }
      }
    }
    return { judged, findings }
  },
} satisfies Invariant

interface Awakening {
  readonly crash: EventOf<'crash'>
  readonly start: EventOf<'start'>
  readonly view: EventOf<'view'>
}

/** Each restart after a death with the first screen that followed; one that died again before it showed anything proves nothing. */
function awakeningsOf(history: History, device: string): Awakening[] {
  const crashes = history.of('crash', device)
  const starts = history.of('start', device)
  return crashes.flatMap((crash, i) => {
    const start = starts.find((event) => event.seq > crash.seq)
    const view = start && history.of('view', device).find((event) => event.seq > start.seq)
    const next = crashes[i + 1]
    return start && view && (!next || next.seq > view.seq) ? [{ crash, start, view }] : []
  })
}

function promise({ localCommit, saved }: Operation) {
  return localCommit ?? (saved?.durable ? saved : undefined)
}

function holds(screen: Screen, operation: Operation): boolean {
  if (
    screen.entryOf(operation) ||
    screen.rowsOf(operation.op).length > 0 ||
    screen.inConflicts(operation.op)
  )
    return true
  return (
    operation.action.type === 'delete' &&
    !screen.view.view.outbox &&
    screen.rowsAt(recordOf(operation) ?? '').length === 0
  )
}
