import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { hasLostEffect } from './reading/effects.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { hadTimeToRecover } from './reading/recovery-time.ts'
import { finalScreen, isUnconfirmed } from './reading/screen.ts'
import { successOf } from './reading/success.ts'
import { when } from './reading/wording.ts'
import { writeOutcomes } from './reading/write-outcome.ts'

type Page = EventOf<'cursorSaved'>

/**
 * Judges a run in which the server went back to an older state, for example because it was restored
 * from a backup. Each device must begin to read again from the beginning, and must send again or
 * show what it had reported as arrived and what is lost now.
 */
export default {
  id: 'EPOCH',
  promise:
    'After the server was restored from an older state, no app goes on from an old cursor, and what was reported as arrived and is gone is sent again or shown.',
  needs: () => undefined,
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    for (const device of history.devices) {
      const changes = epochChanges(history.of('cursorSaved', device))
      judged += changes.length
      findings.push(...changes.flatMap((change) => oldCursor(change) ?? []))
    }
    let undecided: string | undefined
    for (const [operation, outcome] of writeOutcomes(history)) {
      const ack = outcome === 'cancelled' ? undefined : successOf(operation)
      if (!ack || !hasLostEffect(history, operation)) continue
      judged++
      const screen = finalScreen(history, operation.device)
      const question = `whether the app noticed that ${describeOperation(operation)} is gone`
      if (!screen) undecided ??= `${question} cannot be told: its screen was not read`
      else if (outcome !== 'lost') continue
      else if (!hadTimeToRecover(history)) undecided ??= `${question} in time cannot be told`
      else findings.push(forgotten(history, operation, ack))
    }
    return judgement(judged, findings, undecided)
  },
} satisfies Invariant

/** A page of another epoch than the page before it. */
interface EpochChange {
  readonly before: Page
  readonly page: Page
  /** True if the device had a page of this epoch earlier. */
  readonly isReturn: boolean
}

function epochChanges(pages: readonly Page[]): EpochChange[] {
  const seen = new Set<string>()
  return pages.flatMap((page, i) => {
    const before = pages[i - 1]
    const isReturn = seen.has(page.epoch)
    seen.add(page.epoch)
    return before && before.epoch !== page.epoch ? [{ before, page, isReturn }] : []
  })
}

function oldCursor({ before, page, isReturn }: EpochChange): Finding | undefined {
  const { node: device, epoch, cursor } = page
  const breach = (did: string): Finding => ({
    message: `${device}'s app ${did} ${when(page)}, after a page of epoch ${before.epoch} ${when(before)}`,
    opIds: [],
    evidence: evidence(before, page),
  })
  if (isReturn) return breach(`saved a cursor of the former epoch ${epoch} again`)
  // The first page of a new epoch must belong to a reading from the beginning.
  return page.full
    ? undefined
    : breach(`went on in the new epoch ${epoch} (cursor ${cursor}) without reading all of it`)
}

function forgotten(
  history: History,
  operation: Operation,
  ack: EventOf<'ackApplied'> | EventOf<'settled'>,
): Finding {
  const { device, opId, commits } = operation
  const screen = finalScreen(history, device)
  const rows = screen?.rowsOf(opId) ?? []
  const shown = rows.some((row) => !isUnconfirmed(row))
    ? `${device}'s screen shows it as if it were there`
    : `${device}'s screen does not show it`
  return {
    message: `${describeOperation(operation)} was reported as arrived ${when(ack)}; the server lost it again, the app did not send it again, and ${shown}`,
    opIds: [opId],
    evidence: evidence(commits.at(-1), ack, history.serverState, screen?.view),
  }
}
