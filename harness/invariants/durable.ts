import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { completionsOf } from './reading/completion.ts'
import { viewsOf } from './reading/device-views.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { recordOf } from './reading/record-name.ts'
import { type Screen, screenOf } from './reading/screen.ts'
import { when } from './reading/wording.ts'
import { writeChains } from './reading/write-chains.ts'

/**
 * Judges the first screen after each restart. Does not require a write that may have been completed
 * just before the crash, without a report.
 */
export default {
  id: 'DURABLE',
  promise:
    'What was saved on a device is still there after its app was killed and started again, until it has ended.',
  needs: ({ outbox, statuses }) =>
    outbox || statuses ? undefined : 'the client shows neither an outbox nor what is pending',
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    const completions = completionsOf(history)
    const restarts = history.devices.flatMap((device) => restartsOf(history, device))
    for (const chain of writeChains(history)) {
      for (const [i, operation] of chain.entries()) {
        const promise = promiseOf(operation)
        if (!promise) continue
        for (const restart of restarts) {
          const { crash, view } = restart
          if (crash.node !== operation.device || promise.seq > crash.seq) continue
          if (completions.mayBeComplete(operation, view)) continue
          judged++
          // A later write to the record represents the earlier ones.
          if (chain.slice(i).some((one) => survived(one, restart))) continue
          findings.push(vanished(operation, promise, restart))
          break
        }
      }
    }
    return judgement(judged, findings)
  },
} satisfies Invariant

interface Restart {
  readonly crash: EventOf<'crash'>
  readonly start: EventOf<'start'>
  readonly view: EventOf<'view'>
}

type DurabilityPromise = EventOf<'localCommit'> | EventOf<'saved'>

/**
 * Pairs each crash with the restart and the first screen that followed. Skips a restart that
 * crashed before it showed a screen.
 */
function restartsOf(history: History, device: string): Restart[] {
  const crashes = history.of('crash', device)
  const starts = history.of('start', device)
  return crashes.flatMap((crash, i) => {
    const start = starts.find((event) => event.seq > crash.seq)
    const view = start && viewsOf(history, device).firstAfter(start.seq)
    const next = crashes[i + 1]
    return start && view && (!next || next.seq > view.seq) ? [{ crash, start, view }] : []
  })
}

/** The event in which the client reported that the write is on disk. */
function promiseOf({ localCommit, saved }: Operation): DurabilityPromise | undefined {
  return localCommit ?? (saved?.durable ? saved : undefined)
}

function survived(operation: Operation, { crash, view }: Restart): boolean {
  const promise = promiseOf(operation)
  return promise !== undefined && promise.seq < crash.seq && holds(screenOf(view), operation)
}

function holds(screen: Screen, operation: Operation): boolean {
  const isThere =
    screen.entryOf(operation) !== undefined ||
    screen.rowsOf(operation.opId).length > 0 ||
    screen.inConflicts(operation.opId)
  if (isThere || operation.action.type !== 'delete') return isThere
  const hidesRecord = screen.rowsAt(recordOf(operation) ?? '').length === 0
  return hidesRecord && !screen.view.view.outbox
}

function vanished(
  operation: Operation,
  promise: DurabilityPromise,
  { crash, start, view }: Restart,
): Finding {
  return {
    message: `${describeOperation(operation)} was saved ${when(promise)}; after ${operation.device}'s app was killed ${when(crash)} and started again, it is gone from the device`,
    opIds: [operation.opId],
    evidence: evidence(promise, crash, start, view),
  }
}
