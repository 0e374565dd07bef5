import type { EventOf, ShownRow } from '../core/event.ts'
import { groupBy } from '../core/group.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describe, isWrite } from '../core/operation.ts'
import { finalScreen, isUnconfirmed, recordName, recordOf, type Screen } from './reading/screen.ts'
import { evidence, hadTimeToRecover, times } from './reading/words.ts'

type ServerRow = EventOf<'serverState'>['rows'][number]

/** Records that a device still has something unconfirmed for are left out for that device: their base lies hidden below. */
export default {
  id: 'CONVERGE',
  promise:
    'When all is quiet, every device shows what the server has, its own unsent changes aside.',
  needs: () => undefined,
  check(history) {
    if (history.operations.length === 0) return { judged: 0, findings: [] }
    const state = history.serverState
    if (!state) return { judged: 0, findings: [], undecided: 'the server was not read at the end' }
    const { collections } = history.head.client.capabilities
    const held = groupBy(
      state.rows.filter((row) => !row.deleted && collections.includes(row.collection)),
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
      const shown = groupBy(
        screen.view.view.rows.filter((row) => collections.includes(row.collection)),
        recordName,
      )
      const own = unconfirmed(history, device, screen)
      for (const record of new Set([...held.keys(), ...shown.keys()])) {
        if (own.has(record)) continue
        const [mine, theirs] = [shown.get(record) ?? [], held.get(record) ?? []]
        judged++
        if (areSame(mine, theirs)) continue
        if (moving.has(record))
          undecided ??= `${record} was still being written while the replicas were read`
        else
          findings.push(
            differs(history, device, record, mine, theirs, evidence(screen.view, state)),
          )
      }
    }
    if (findings.length > 0 && !hadTimeToRecover(history)) {
      return {
        judged,
        findings: [],
        undecided: `${findings[0]?.message}, but it had no time to catch up`,
      }
    }
    return { judged, findings, ...(undecided !== undefined && { undecided }) }
  },
} satisfies Invariant

function isDead(history: History, device: string): boolean {
  const crash = history.of('crash', device).at(-1)
  const start = history.of('start', device).at(-1)
  return crash !== undefined && (!start || start.seq < crash.seq)
}

function writtenWhileRead(history: History): ReadonlySet<string> {
  const read = history.phase('read')
  return new Set(
    history
      .of('serverCommit')
      .flatMap((commit) => (read && commit.seq > read.seq ? [recordName(commit)] : [])),
  )
}

/** What the device itself shows as unconfirmed. Where it has no icons or no outbox, its own writes that never took effect may be pending unseen. */
function unconfirmed(history: History, device: string, { view }: Screen): ReadonlySet<string> {
  const { rows, outbox } = view.view
  const records = new Set([...rows.filter(isUnconfirmed), ...(outbox ?? [])].map(recordName))
  for (const row of rows) {
    const operation = row.op === undefined ? undefined : history.operation(row.op)
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

/** As multisets of contents; where one side does not tell contents, by number. */
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

function differs(
  history: History,
  device: string,
  record: string,
  mine: readonly ShownRow[],
  theirs: readonly ServerRow[],
  proof: readonly number[],
): Finding {
  const name = record.replace('/', ' ')
  const [row, truth] = [mine[0], theirs[0]]
  const message =
    row && truth && mine.length === theirs.length
      ? `${device}'s screen shows ${name} as ${told(history, row)}; the server has ${told(history, truth)}`
      : mine.length > 0 && theirs.length > 0
        ? `${device}'s screen shows ${name} ${times(mine.length)}; the server has it ${times(theirs.length)}`
        : row
          ? `${device}'s screen still shows ${told(history, row)}; the server does not have ${name}`
          : `${device}'s screen lacks ${told(history, truth ?? {})}, which the server has (${name})`
  const ops = new Set([row?.op, truth?.op].flatMap((op) => op ?? []))
  return { message, ops: [...ops], evidence: proof }
}

function told(
  history: History,
  { op, text }: { readonly op?: string | undefined; readonly text?: string | undefined },
): string {
  const operation = op === undefined ? undefined : history.operation(op)
  return operation ? describe(operation) : `'${text ?? ''}'`
}
