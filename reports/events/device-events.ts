import type { Action } from '../../harness/core/action.ts'
import type { EventOf, ShownRow } from '../../harness/core/event.ts'
import { actionText, quote, typedText } from '../words/action.ts'
import { countText, prefixed, shortList } from '../words/text.ts'
import type { NoteContext } from './event-context.ts'
import type { EventViews } from './event-view.ts'
import { type Note, type NoteLine, oneLine, type Sign } from './note.ts'
import type { RowChange } from './screen-changes.ts'

/** Events about a person, the client and the device's disk and screen. */
export const deviceEvents: EventViews<
  | 'invoke'
  | 'saved'
  | 'refused'
  | 'settled'
  | 'localCommit'
  | 'ackApplied'
  | 'cursorSaved'
  | 'viewRequested'
  | 'view'
  | 'note'
  | 'log'
> = {
  invoke: {
    describe: ({ action, opId }) => `${actionText(action)} (${opId})`,
    note: ({ action }) => oneLine('tap', bubbleText(action)),
  },
  saved: {
    describe: ({ opId, durable }) => `is told that ${opId} is ${durable ? 'saved' : 'taken'}`,
    // Only a claim without a transaction needs a note: otherwise the transaction has one.
    note: ({ opId, durable }, context) =>
      context.hasLocalCommit(opId)
        ? undefined
        : oneLine('warn', `says ${opId} is ${durable ? 'saved' : 'on its way'}`),
  },
  refused: {
    describe: ({ opId, reason }) => `is told that ${opId} is refused: ${reason}`,
    note: ({ reason }) => oneLine('bad', `refuses: ${reason}`, 'failed'),
  },
  settled: {
    describe: ({ opId, outcome, reason }) =>
      `is told that ${opId} is ${SETTLED_TEXT[outcome]}${prefixed(': ', reason)}`,
    note: ({ opId, outcome }) =>
      outcome === 'acked' ? undefined : oneLine('warn', `says ${opId} ${SETTLED_CLAIM[outcome]}`),
  },
  localCommit: {
    describe: ({ opId, rev }) => `${opId} is on disk, revision ${rev}`,
    note: ({ opId }) => oneLine('faint', `${opId} saved`, 'disk'),
  },
  ackApplied: {
    describe: (event, context) =>
      `takes in the answer for ${context.nameOf(event)}: ` +
      `${event.outcome}${prefixed(', v', event.version)}`,
    note: (event, context) => {
      const opId = context.operationId(event) ?? 'a write'
      return event.outcome === 'applied' || event.outcome === 'duplicate'
        ? oneLine('faint', `${opId} confirmed`, 'disk')
        : oneLine('warn', `${opId}: ${event.outcome}`, 'failed')
    },
  },
  cursorSaved: {
    describe: ({ cursor, rows }) =>
      `has pulled through #${cursor}${prefixed(': ', shortList(rows.map(pulledRowText)))}`,
    note: ({ rows }) =>
      rows.length === 0 ? undefined : oneLine('faint', `pulled ${pulledText(rows)}`, 'pull'),
  },
  note: {
    describe: ({ text, opId }) => `notes${prefixed(' on ', opId)}: ${text}`,
    note: ({ text }) => oneLine('faint', text),
  },
  log: {
    describe: ({ level, text }) => `logs (${level}): ${text}`,
  },
  viewRequested: {
    describe: () => 'is asked for its screen',
  },
  view: {
    describe: ({ view }) => `shows ${rowsText(view.rows)}${view.allSynced ? ', “all synced”' : ''}`,
    note: viewNote,
  },
}

const SETTLED_TEXT = {
  acked: 'delivered',
  rejected: 'rejected',
  conflict: 'beaten by another write',
}
const SETTLED_CLAIM = { rejected: 'was rejected', conflict: 'lost a conflict' }

type PulledRow = EventOf<'cursorSaved'>['rows'][number]

/** Of more rows only the number is shown. */
const PULLED_ROWS_NAMED_MAX = 3

function pulledText(rows: readonly PulledRow[]): string {
  return rows.length > PULLED_ROWS_NAMED_MAX
    ? countText(rows.length, 'record')
    : rows.map(pulledRowText).join(', ')
}

function pulledRowText({ record, deleted, version }: PulledRow): string {
  return `${record} ${deleted ? 'deleted' : `v${version}`}`
}

/** Returns the typed text, with the record's name unless it is a new message; or describes. */
function bubbleText(action: Action): string {
  switch (action.type) {
    case 'create':
    case 'update':
      return action.type === 'create' && action.collection === 'messages'
        ? typedText(action.content.text)
        : `${action.record}: ${typedText(action.content.text)}`
    default:
      return actionText(action, 120)
  }
}

const STATUS_CHARACTER = { pending: '◷', sent: '✓', failed: '✗' }
const STATUS_SIGN = { pending: 'clock', sent: 'check', failed: 'failed' } as const

function rowsText(rows: readonly ShownRow[]): string {
  if (rows.length === 0) return 'nothing'
  return shortList(
    rows.map(
      ({ status, text }) => `${status ? `${STATUS_CHARACTER[status]} ` : ''}${quote(text, 30)}`,
    ),
  )
}

const NOTE_LINES_MAX = 4

/** Shows all rows of a view that is evidence; only the changed rows of another. */
function viewNote(event: EventOf<'view'>, context: NoteContext): Note | undefined {
  if (!context.isEvidence(event)) {
    const changes = context.changesIn(event)
    return changes.length === 0 ? undefined : changesNote(changes)
  }
  const { rows } = event.view
  if (rows.length === 0) return oneLine('plain', 'shows nothing')
  return changesNote(rows.map((row) => ({ row, removed: false })))
}

function changesNote(changes: readonly RowChange[]): Note {
  const failed = changes.some(({ row, removed }) => !removed && row.status === 'failed')
  const fits = changes.length <= NOTE_LINES_MAX
  const lines: NoteLine[] = changes
    .slice(0, fits ? NOTE_LINES_MAX : NOTE_LINES_MAX - 1)
    .map((change) => ({ text: quote(change.row.text, 120), sign: signOf(change) }))
  if (!fits) lines.push({ text: `and ${changes.length - lines.length} more` })
  return { tone: failed ? 'bad' : 'plain', lines }
}

function signOf({ row, removed }: RowChange): Sign {
  if (removed) return 'gone'
  return row.status ? STATUS_SIGN[row.status] : 'box'
}
