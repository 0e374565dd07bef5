import type { EventOf, ShownRow } from '../core/event.ts'
import { groupBy } from '../core/group.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, isOwed, type Operation } from '../core/operation.ts'
import { cancellations } from './reading/cancellations.ts'
import { completionsOf } from './reading/completion.ts'
import { tookEffect } from './reading/effects.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { isDead } from './reading/lives.ts'
import { recordName, recordOf } from './reading/record-name.ts'
import { hadTimeToRecover } from './reading/recovery-time.ts'
import { finalScreen, type Screen } from './reading/screen.ts'
import { times } from './reading/wording.ts'
import { writtenWhileRead } from './reading/written-while-read.ts'

type ServerRow = EventOf<'serverState'>['rows'][number]

/**
 * Excuses only what the device's own writes explain ({@link isExplained}): the screen shows those,
 * not the confirmed version underneath. An icon alone is no excuse.
 */
export default {
  id: 'CONVERGE',
  promise:
    'When all is quiet, every device shows what the server has, its own unsent changes aside.',
  needs: () => undefined,
  check(history) {
    if (history.operations.length === 0) return judgement(0, [])
    const state = history.serverState
    if (!state) return judgement(0, [], 'the server was not read at the end')
    const { collections } = history.head.client.capabilities
    const isKept = (row: { readonly collection: string }) => collections.includes(row.collection)
    const held = groupBy(
      state.rows.filter((row) => !row.deleted && isKept(row)),
      recordName,
    )
    const moving = writtenWhileRead(history)
    const findings: Finding[] = []
    let judged = 0
    let undecided: string | undefined
    for (const device of history.devices) {
      if (isDead(history, device)) continue
      const screen = finalScreen(history, device)
      if (!screen) {
        undecided ??= `${device}'s screen was not read at the end`
        continue
      }
      const shown = groupBy(screen.view.view.rows.filter(isKept), recordName)
      const writes = groupBy(unsettledWrites(history, device, screen), ({ operation }) =>
        recordOf(operation),
      )
      for (const record of new Set([...held.keys(), ...shown.keys()])) {
        const [mine, theirs] = [shown.get(record) ?? [], held.get(record) ?? []]
        const own = writes.get(record) ?? []
        if (isExplained(mine, theirs, own)) continue
        judged++
        if (areSame(mine, theirs)) continue
        if (moving.has(record))
          undecided ??= `${record} was still being written while the replicas were read`
        else
          findings.push({
            message: difference(history, device, record, mine, theirs),
            opIds: [...new Set([mine[0]?.opId, theirs[0]?.opId].flatMap((opId) => opId ?? []))],
            evidence: evidence(screen.view, state),
          })
      }
    }
    const [first] = findings
    return first && !hadTimeToRecover(history)
      ? judgement(judged, [], `${first.message}, but it had no time to catch up`)
      : judgement(judged, findings, undecided)
  },
} satisfies Invariant

/** An own write that the server does not have, or of which the app does not know that it has. */
interface Unsettled {
  readonly operation: Operation
  /** True if it takes the record off the screen: a deletion, or a creation that was cancelled. */
  readonly hides: boolean
}

/** The device's own writes that its screen may show although the server does not have them. */
function unsettledWrites(history: History, device: string, screen: Screen): Unsettled[] {
  const completions = completionsOf(history)
  const cancelled = cancellations(history)
  return history.operations.flatMap((operation) => {
    if (operation.device !== device || !isOwed(operation)) return []
    if (cancelled.has(operation.opId)) return { operation, hides: true }
    const hides = operation.action.type === 'delete'
    const isOpen = completions.seqOf(operation) > screen.view.seq
    const tookPlace = tookEffect(history, operation) === true
    // A refused text may stay on the screen; a refused deletion hides nothing.
    const counts = tookPlace ? isOpen && waits(operation, screen) : isOpen || !hides
    return counts ? { operation, hides } : []
  })
}

/** Returns true if the app still shows the write as waiting. */
function waits(operation: Operation, screen: Screen): boolean {
  const rows = screen.rowsOf(operation.opId)
  return (
    screen.entryOf(operation)?.state === 'pending' ||
    rows.some(({ status }) => status === 'pending')
  )
}

/**
 * Returns true if own writes account for what the screen shows of a record: they hide what is
 * missing, or wrote what is shown without a check icon, in place of the server's rows or beside
 * them.
 */
function isExplained(
  mine: readonly ShownRow[],
  theirs: readonly ServerRow[],
  own: readonly Unsettled[],
): boolean {
  if (mine.length === 0) return own.some(({ hides }) => hides)
  const texts = own.filter(({ hides }) => !hides).map(({ operation }) => operation.opId)
  const isOwn = ({ opId, status }: ShownRow) =>
    status !== 'sent' &&
    texts.some((text) => status !== undefined || opId === undefined || opId === text)
  const rest = mine.filter((row) => !isOwn(row))
  return rest.length < mine.length && (rest.length === 0 || areSame(rest, theirs))
}

/** Compares the contents regardless of order; only the number of rows if a content is unknown. */
function areSame(mine: readonly ShownRow[], theirs: readonly ServerRow[]): boolean {
  if (mine.length !== theirs.length) return false
  if ([...mine, ...theirs].some(({ hash }) => hash === undefined)) return true
  const left = theirs.map(({ hash }) => hash)
  return mine.every(({ hash }) => {
    const at = left.indexOf(hash)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
}

function difference(
  history: History,
  device: string,
  record: string,
  mine: readonly ShownRow[],
  theirs: readonly ServerRow[],
): string {
  const name = record.replace('/', ' ')
  const [row, truth] = [mine[0], theirs[0]]
  if (!truth)
    return `${device}'s screen still shows ${describeRow(history, row)}; the server does not have ${name}`
  if (!row)
    return `${device}'s screen lacks ${describeRow(history, truth)}, which the server has (${name})`
  if (mine.length !== theirs.length)
    return `${device}'s screen shows ${name} ${times(mine.length)}; the server has it ${times(theirs.length)}`
  const [shown, held] = [describeRow(history, row), describeRow(history, truth)]
  // The hash covers all fields: a client that shows fields of its own differs under the same text.
  return shown === held
    ? `${device}'s screen shows ${name} (${shown}) with other fields than the server has`
    : `${device}'s screen shows ${name} as ${shown}; the server has ${held}`
}

function describeRow(history: History, row: ShownRow | ServerRow | undefined): string {
  const operation = history.operation(row?.opId)
  return operation ? describeOperation(operation) : `'${row?.text ?? ''}'`
}
