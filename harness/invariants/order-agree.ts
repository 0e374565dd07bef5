import type { ShownRow } from '../core/event.ts'
import { groupBy } from '../core/group.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { tookEffect } from './reading/effects.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { recordName } from './reading/record-name.ts'
import { hadTimeToRecover } from './reading/recovery-time.ts'
import { finalScreen, type Screen } from './reading/screen.ts'

/**
 * Compares the final screens, two devices at a time, by the messages of a conversation that both
 * show as confirmed. A message that still waits is where its own device puts it.
 */
export default {
  id: 'ORDER-AGREE',
  promise: 'The confirmed messages of a conversation stand in one order on all devices.',
  needs: ({ ordered }) => (ordered ? undefined : 'the client does not promise an order'),
  check(history) {
    const findings: Finding[] = []
    const messages = history.devices.flatMap((device) => confirmedMessages(history, device))
    let judged = 0
    for (const shown of groupBy(messages, ({ conversation }) => conversation).values()) {
      const lists = [...groupBy(shown, ({ device }) => device).values()]
      for (const [i, mine] of lists.entries()) {
        for (const theirs of lists.slice(0, i)) {
          const common = commonMessages(theirs, mine)
          if (common.length < 2) continue
          judged++
          const swapped = firstSwap(common)
          if (!swapped) continue
          findings.push(disagreement(swapped))
          break
        }
      }
    }
    const [first] = findings
    return first && !hadTimeToRecover(history)
      ? judgement(judged, [], `${first.message}, but they had no time to catch up`)
      : judgement(judged, findings)
  },
} satisfies Invariant

/** A message on a final screen. */
interface Shown {
  readonly device: string
  readonly screen: Screen
  readonly record: string
  readonly conversation: string
  readonly operation: Operation
}

/** A device's confirmed messages, in the order shown. Those without a marker are unknown. */
function confirmedMessages(history: History, device: string): Shown[] {
  const screen = finalScreen(history, device)
  if (!screen) return []
  return screen.view.view.rows.flatMap((row) => {
    const operation = history.operation(row.opId)
    const conversation = operation && conversationOf(operation)
    if (!operation || conversation === undefined || !isConfirmed(history, row, operation)) return []
    return { device, screen, record: recordName(row), conversation, operation }
  })
}

function conversationOf({ action }: Operation): string | undefined {
  const isText = action.type === 'create' || action.type === 'update'
  const conversation = isText ? action.content.conversation : undefined
  return typeof conversation === 'string' ? conversation : undefined
}

/** Returns true if the row has a check icon, or no icon and a write that took effect. */
function isConfirmed(history: History, { status }: ShownRow, operation: Operation): boolean {
  return status === 'sent' || (status === undefined && tookEffect(history, operation) === true)
}

/** The messages that both lists have, as pairs in the order of the first. */
function commonMessages(
  first: readonly Shown[],
  second: readonly Shown[],
): { readonly one: Shown; readonly other: Shown; readonly place: number }[] {
  const places = new Map<string, number>()
  for (const [i, { record }] of second.entries()) if (!places.has(record)) places.set(record, i)
  const pairs = new Map<string, { one: Shown; other: Shown; place: number }>()
  for (const one of first) {
    const place = places.get(one.record)
    const other = place === undefined ? undefined : second[place]
    if (other && place !== undefined && !pairs.has(one.record))
      pairs.set(one.record, { one, other, place })
  }
  return [...pairs.values()]
}

/** Returns the first two neighbours that the second list has the other way round. */
function firstSwap(pairs: ReturnType<typeof commonMessages>) {
  const at = pairs.findIndex((pair, i) => pair.place < (pairs[i - 1]?.place ?? -1))
  const [before, after] = [pairs[at - 1], pairs[at]]
  return before && after ? { before, after } : undefined
}

function disagreement({ before, after }: NonNullable<ReturnType<typeof firstSwap>>): Finding {
  const { device, screen } = before.one
  const { device: otherDevice, screen: otherScreen } = before.other
  const [first, second] = [before.one.operation, after.one.operation]
  return {
    message: `${device}'s screen shows ${describeOperation(first)} before ${describeOperation(second)}; ${otherDevice}'s shows them the other way round`,
    opIds: [...new Set([first.opId, second.opId])],
    evidence: evidence(screen.view, otherScreen.view),
  }
}
