import type { EventOf, ShownRow } from '../core/event.ts'
import { groupBy } from '../core/group.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, isWrite } from '../core/operation.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { recordName, recordOf } from './reading/record-name.ts'
import { hadTimeToRecover } from './reading/recovery-time.ts'
import { finalScreen, isUnconfirmed, type Screen } from './reading/screen.ts'
import { times } from './reading/wording.ts'

type ServerRow = EventOf<'serverState'>['rows'][number]

/**
 * Skips records with unconfirmed local changes on a device: its screen shows those, not the
 * confirmed version underneath.
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
      const unconfirmed = unconfirmedRecords(history, device, screen)
      for (const record of new Set([...held.keys(), ...shown.keys()])) {
        if (unconfirmed.has(record)) continue
        const [mine, theirs] = [shown.get(record) ?? [], held.get(record) ?? []]
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

function isDead(history: History, device: string): boolean {
  const crash = history.of('crash', device).at(-1)
  const start = history.of('start', device).at(-1)
  return crash !== undefined && (!start || start.seq < crash.seq)
}

function writtenWhileRead(history: History): ReadonlySet<string> {
  const read = history.phase('read')
  const commits = history.of('serverCommit').filter(({ seq }) => read && seq > read.seq)
  return new Set(commits.map(recordName))
}

/**
 * The records that the device shows as unconfirmed. If it has no icons or no outbox, also the
 * records of its own writes that never took effect: those may be pending without being marked.
 */
function unconfirmedRecords(
  history: History,
  device: string,
  { view }: Screen,
): ReadonlySet<string> {
  const { rows, outbox } = view.view
  const records = new Set([...rows.filter(isUnconfirmed), ...(outbox ?? [])].map(recordName))
  for (const row of rows) {
    const operation = row.opId === undefined ? undefined : history.operation(row.opId)
    if (row.status === undefined && operation?.device === device && operation.commits.length === 0)
      records.add(recordName(row))
  }
  if (outbox) return records
  for (const operation of history.operations) {
    const record = recordOf(operation)
    if (operation.device !== device || record === undefined || !isWrite(operation.action)) continue
    if (operation.action.type === 'delete' && operation.commits.length === 0 && !operation.refused)
      records.add(record)
  }
  return records
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
  return `${device}'s screen shows ${name} as ${describeRow(history, row)}; the server has ${describeRow(history, truth)}`
}

function describeRow(history: History, row: ShownRow | ServerRow | undefined): string {
  const operation = row?.opId === undefined ? undefined : history.operation(row.opId)
  return operation ? describeOperation(operation) : `'${row?.text ?? ''}'`
}
